// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Energies of triangular filters over the power spectra of several frames at a time, one frame per
 * lane. The scalar version is the reference; the vector version computes the same bits. A frame's
 * energies do not depend on the frames beside it.
 *
 * <p>The transform of N real samples is one of N/2 complex values, even samples real and odd ones
 * imaginary, by Stockham's radix-4 algorithm; then even and odd parts are separated (Press et al.,
 * Numerical Recipes, section 12.3). Immutable and thread-safe; each thread has buffers of its own.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // constants as published
public abstract class FilterBank {
  /** Most frames at a time. */
  public static final int MOST = 16;

  // Logarithm and exponential by the polynomials of Cephes (S. Moshier, logf and expf), highest
  // power first.
  /** {@code (log(1 + x) - x + x^2/2) / x^3}. */
  protected static final float[] LOG = {
    7.0376836292E-2f,
    -1.1514610310E-1f,
    1.1676998740E-1f,
    -1.2420140846E-1f,
    1.4249322787E-1f,
    -1.6668057665E-1f,
    2.0000714765E-1f,
    -2.4999993993E-1f,
    3.3333331174E-1f
  };

  /** {@code (exp(x) - 1 - x) / x^2}. */
  protected static final float[] EXP = {
    1.9875691500E-4f,
    1.3981999507E-3f,
    8.3334519073E-3f,
    4.1665795894E-2f,
    1.6666665459E-1f,
    5.0000001201E-1f
  };

  /** Multiples of it, up to 128, are exact. */
  protected static final float LN_2_HIGH = 0.693359375f;

  /** The rest of the logarithm of 2. */
  protected static final float LN_2_LOW = -2.12194440e-4f;

  /** One over the logarithm of 2. */
  protected static final float INVERSE_LN_2 = 1.44269504088896341f;

  /** Exponentials beyond are not normal floats. */
  protected static final float LEAST_EXPONENT = -87.3f;

  /** Exponentials beyond are not finite. */
  protected static final float LARGEST_EXPONENT = 88.3f;

  /** Bits of the square root of a half. */
  protected static final int ROOT_HALF = 0x3f3504f3;

  /** Bits of a float below its exponent. */
  protected static final int MANTISSA = 23;

  /** Adding 1.5 * 2^23 rounds to an integer. */
  protected static final float ROUNDER = 12_582_912;

  /** The integer is what the sum's bits exceed these by. */
  protected static final int ROUNDER_BITS = 0x4b400000;

  private static final ThreadLocal<Buffers> BUFFERS = new ThreadLocal<>();

  private final int unit; // of lanes
  private final int half; // complex points
  private final float[] window; // halved, which separating the parts needs
  private final float[][] turns; // [radix-4 passes][quarter * 6]
  private final Filters filters;
  private final float[] parts; // [half / 2 + 1][2]

  /**
   * Prepares the tables.
   *
   * @param unit computes a multiple of so many lanes
   * @param filters over the bins of a transform whose length is a power of two, at least 4
   */
  protected FilterBank(int unit, Filters filters) {
    this.unit = unit;
    this.filters = filters;
    half = filters.length / 2;
    window = new float[filters.window.length];
    for (int i = 0; i < window.length; i++) {
      window[i] = 0.5f * filters.window[i];
    }
    turns = new float[Integer.numberOfTrailingZeros(half) / 2][];
    for (int pass = 0, n = half; pass < turns.length; pass++, n /= 4) {
      turns[pass] = new float[n / 4 * 6];
      for (int p = 0; p < n / 4; p++) {
        for (int k = 1; k <= 3; k++) {
          double angle = -2 * Math.PI * p * k / n;
          turns[pass][6 * p + 2 * k - 2] = (float) Math.cos(angle);
          turns[pass][6 * p + 2 * k - 1] = (float) Math.sin(angle);
        }
      }
    }
    parts = new float[half / 2 * 2 + 2];
    for (int k = 0; k <= half / 2; k++) {
      double angle = -2 * Math.PI * k / filters.length;
      parts[2 * k] = (float) Math.cos(angle);
      parts[2 * k + 1] = (float) Math.sin(angle);
    }
  }

  /**
   * A window and triangular filters. Between two edges, one triangle rises while the previous one
   * falls.
   *
   * @param length of the transform
   * @param window [at most length], followed by zeros
   * @param edges first bin at or above each edge, [bands + 2], ascending, at most {@code length/2}
   * @param rising weights in the rising triangle, [length / 2 + 1]
   * @param falling weights in the falling triangle, [length / 2 + 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Filters(int length, float[] window, int[] edges, float[] rising, float[] falling) {}

  /** Real and imaginary parts before and after a pass, and powers: all [points][lanes]. */
  private record Buffers(float[] re, float[] im, float[] nextRe, float[] nextIm, float[] power) {
    static Buffers of(int half) {
      int size = half * MOST;
      return new Buffers(
          new float[size],
          new float[size],
          new float[size],
          new float[size],
          new float[size + MOST]);
    }
  }

  /**
   * Computes the energies of successive frames.
   *
   * @param samples holds the frames; the first begins at index 0
   * @param hop samples from one frame to the next
   * @param count of frames, at most {@link #MOST}
   * @param energies receives them, [bands][lanes]
   * @return lanes: {@code count} and perhaps some that mean nothing, at most {@link #MOST}
   */
  public final int energies(float[] samples, int hop, int count, float[] energies) {
    int lanes = (count + unit - 1) / unit * unit;
    Buffers buffers = BUFFERS.get();
    if (buffers == null || buffers.re.length != half * MOST) {
      buffers = Buffers.of(half);
      BUFFERS.set(buffers);
    }
    float[] re = buffers.re;
    float[] im = buffers.im;
    float[] nextRe = buffers.nextRe;
    float[] nextIm = buffers.nextIm;
    interleave(samples, hop, count, 0, re, lanes);
    interleave(samples, hop, count, 1, im, lanes);
    int n = half;
    for (float[] turn : turns) {
      pass(re, im, nextRe, nextIm, n, half / n * lanes, turn);
      float[] swap = re;
      re = nextRe;
      nextRe = swap;
      swap = im;
      im = nextIm;
      nextIm = swap;
      n /= 4;
    }
    if (n == 2) {
      lastPass(re, nextRe, half / 2 * lanes);
      lastPass(im, nextIm, half / 2 * lanes);
      re = nextRe;
      im = nextIm;
    }
    powers(re, im, parts, half, lanes, buffers.power);
    filter(buffers.power, filters, lanes, energies);
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
   * One radix-4 pass: {@code y[4p+k] = turn^k * sum over j of (-i)^(jk) x[p + j*n/4]}, where an
   * index stands for a run.
   *
   * @param n length of the transforms that are left
   * @param run successive values that are treated alike
   * @param turns factors for k = 1, 2, 3, [n / 4][3][2]
   */
  protected abstract void pass(
      float[] xr, float[] xi, float[] yr, float[] yi, int n, int run, float[] turns);

  /** Sums and differences of the two halves. */
  private static void lastPass(float[] x, float[] y, int half) {
    for (int i = 0; i < half; i++) {
      y[i] = x[i] + x[half + i];
    }
    for (int i = 0; i < half; i++) {
      y[half + i] = x[i] - x[half + i];
    }
  }

  /**
   * Powers of the real transform from the complex one.
   *
   * @param re of half the transform of half the length, [half][lanes]
   * @param im likewise
   * @param parts cosine and sine of {@code -pi k / half}, [half / 2 + 1][2]
   * @param power output, [half + 1][lanes]
   */
  protected abstract void powers(
      float[] re, float[] im, float[] parts, int half, int lanes, float[] power);

  /** Sums the powers under the triangles, [bands][lanes]. */
  protected abstract void filter(float[] power, Filters filters, int lanes, float[] energies);

  /**
   * Replaces each value by its natural logarithm; error under 2e-7, relative beyond 1 and absolute
   * below. Values below the least normal float are taken as that.
   *
   * @param values what {@link #energies} gave
   * @param count of values
   */
  public abstract void log(float[] values, int count);

  /**
   * Raises each value to a power, {@code exp(exponent * log(value))}; relative error under {@code
   * 3e-7 * (1 + |exponent * log(value)|)}.
   *
   * @param values as for {@link #log}
   * @param count of values
   */
  public abstract void pow(float[] values, int count, float exponent);
}
