// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Energies of triangular filters over the power spectra of several frames at a time, one frame per
 * lane. A frame's energies do not depend on the frames beside it.
 *
 * <p>The transform of N real samples is one of N/2 complex values, even samples real and odd ones
 * imaginary; then even and odd parts are separated (Press et al., Numerical Recipes, section 12.3).
 * Not thread-safe; the large buffers belong to the thread.
 */
public final class FilterBank {
  /** Most frames at a time. */
  public static final int MOST = 16;

  // Between these, FilterLoops.exp gives normal floats.
  private static final float LEAST_POWER = -87.3f;
  private static final float LARGEST_POWER = 88.3f;

  private static final ThreadLocal<Buffers> BUFFERS = new ThreadLocal<>();

  private FilterLoops loops; // plain, then vectors; see Late
  private final int half; // complex points
  private final float[] window; // halved, which separating the parts needs
  private final ComplexTransform transform; // of half points
  private final TriangularFilters filters;
  private final float[] parts; // [half / 2 + 1][2]

  /**
   * Prepares the tables.
   *
   * @param loops to begin with
   * @param filters over the bins of a transform whose length is a power of two, at least 4
   */
  FilterBank(FilterLoops loops, TriangularFilters filters) {
    this.loops = loops;
    this.filters = filters;
    half = filters.length() / 2;
    window = new float[filters.window().length];
    for (int i = 0; i < window.length; i++) {
      window[i] = 0.5f * filters.window()[i];
    }
    transform = new ComplexTransform(half);
    parts = new float[half / 2 * 2 + 2];
    for (int k = 0; k <= half / 2; k++) {
      double angle = -2 * Math.PI * k / filters.length();
      parts[2 * k] = (float) Math.cos(angle);
      parts[2 * k + 1] = (float) Math.sin(angle);
    }
  }

  private record Buffers(ComplexTransform.Values values, float[] power) {
    static Buffers of(int half) {
      return new Buffers(new ComplexTransform.Values(half * MOST), new float[(half + 1) * MOST]);
    }
  }

  /**
   * Computes the energies of successive frames.
   *
   * @param samples holds the frames; the first begins at index 0
   * @param hop samples from one frame to the next
   * @param count of frames, at most {@link #MOST}
   * @param energies output, [bands][lanes], with room for {@link #MOST} lanes
   * @return lanes: {@code count}, rounded up to whole vectors; the rest of them is meaningless
   */
  public int energies(float[] samples, int hop, int count, float[] energies) {
    loops = Late.loops(loops, count * filters.length());
    int unit = loops.unit();
    int lanes = (count + unit - 1) / unit * unit;
    Buffers buffers = BUFFERS.get();
    if (buffers == null || buffers.values.re.length < half * MOST) {
      buffers = Buffers.of(half);
      BUFFERS.set(buffers);
    }
    ComplexTransform.Values values = buffers.values;
    interleave(samples, hop, count, 0, values.re, lanes);
    interleave(samples, hop, count, 1, values.im, lanes);
    transform.forward(loops, values, lanes);
    loops.powers(values.re, values.im, parts, half, lanes, buffers.power);
    loops.filter(buffers.power, filters, lanes, energies);
    return lanes;
  }

  /** Windowed samples of one parity, [half][lanes]. */
  private void interleave(float[] samples, int hop, int count, int parity, float[] x, int lanes) {
    Arrays.fill(x, count < lanes ? 0 : window.length / 2 * lanes, half * lanes, 0);
    for (int lane = 0; lane < count; lane++) {
      int from = lane * hop;
      int to = lane;
      for (int i = parity; i < window.length; i += 2) {
        x[to] = samples[from + i] * window[i];
        to += lanes;
      }
    }
  }

  /**
   * Replaces each value by its natural logarithm; error under 2e-7, relative beyond 1 and absolute
   * below. Values below the least normal float count as that float.
   *
   * @param values what {@link #energies} gave
   * @param count of values, a multiple of its lanes
   */
  public void log(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(values[i], Float.MIN_NORMAL);
    }
    loops.log(values, count);
  }

  /**
   * Raises each value to a power, {@code exp(exponent * log(value))}; relative error under {@code
   * 3e-7 * (1 + |exponent * log(value)|)}. Values and powers are limited to normal floats.
   *
   * @param values what {@link #energies} gave
   * @param count of values, a multiple of its lanes
   */
  public void pow(float[] values, int count, float exponent) {
    log(values, count);
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(LEAST_POWER, Math.min(LARGEST_POWER, exponent * values[i]));
    }
    loops.exp(values, count);
  }
}
