// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Changes the magnitudes of several overlapping frames at a time, two per lane: the first is the
 * real part of a complex transform, the second the imaginary part (Press et al., Numerical Recipes,
 * section 12.3). Only these two affect each other, by rounding errors. Not thread-safe.
 */
public final class FrameTransform {
  /** Most frames at a time. */
  public static final int MOST = 32;

  private FilterLoops loops; // plain, then vectors; see Late
  private final int length;
  private final float[] window; // halved, which separating the two frames needs
  private final float[] outWindow; // over length, which the inverse needs
  private final ComplexTransform transform;
  private final ComplexTransform.Values values; // [length][lanes]
  private int lanes; // of the current frames

  /**
   * Prepares the tables.
   *
   * @param loops to begin with
   * @param window of each frame, before and after; its length is a power of two, at least 4
   */
  FrameTransform(FilterLoops loops, float[] window) {
    this.loops = loops;
    length = window.length;
    this.window = new float[length];
    outWindow = new float[length];
    for (int i = 0; i < length; i++) {
      this.window[i] = 0.5f * window[i];
      outWindow[i] = window[i] / length;
    }
    transform = new ComplexTransform(length);
    values = new ComplexTransform.Values(length * (MOST / 2));
  }

  /**
   * Transforms successive frames.
   *
   * @param samples holds the frames
   * @param from where the first begins
   * @param hop samples from one frame to the next
   * @param count of frames, at most {@link #MOST}
   * @return lanes, at most half of {@link #MOST}; what no frame fills is zero
   */
  public int forward(float[] samples, int from, int hop, int count) {
    loops = Late.loops(loops, count * length);
    int unit = loops.unit();
    lanes = ((count + 1) / 2 + unit - 1) / unit * unit;
    interleave(samples, from, 2 * hop, (count + 1) / 2, values.re);
    interleave(samples, from + hop, 2 * hop, count / 2, values.im);
    transform.forward(loops, values, lanes);
    return lanes;
  }

  /** Windowed samples, [length][lanes]. */
  private void interleave(float[] samples, int from, int apart, int count, float[] x) {
    if (count < lanes) {
      Arrays.fill(x, 0, length * lanes, 0f);
    }
    for (int lane = 0; lane < count; lane++) {
      int at = from + lane * apart;
      int to = lane;
      for (int i = 0; i < length; i++) {
        x[to] = samples[at + i] * window[i];
        to += lanes;
      }
    }
  }

  /**
   * Computes the power spectra of the frames.
   *
   * @param power output, [2][length / 2 + 1][lanes]: frame 5 is the second of lane 2
   */
  public void powers(float[] power) {
    loops.powersOfPairs(values.re, values.im, length, lanes, power);
  }

  /**
   * Averages powers over neighbouring bins.
   *
   * @param power as {@link #powers} gives it
   * @param smooth output, likewise; another array
   * @param halfWidth neighbours on either side; beyond the ends, there are zeros
   * @param floor added to each mean
   */
  public void smooth(float[] power, float[] smooth, int halfWidth, float floor) {
    int bins = length / 2 + 1;
    loops.smooth(power, smooth, 0, bins, lanes, halfWidth, floor);
    loops.smooth(power, smooth, bins * lanes, bins, lanes, halfWidth, floor);
  }

  /**
   * Computes the gains of amplitude that stretch envelopes along the frequencies. The first bin and
   * the last, which have no mirror image, keep theirs.
   *
   * @param envelope of power, smooth and positive
   * @param factor of the stretch
   * @param largest gain
   * @param gains output, likewise; another array
   */
  public void stretchGains(float[] envelope, double factor, float largest, float[] gains) {
    int bins = length / 2 + 1;
    for (int at = 0; at < 2 * bins * lanes; at += bins * lanes) {
      loops.stretchGains(envelope, at, bins, lanes, factor, largest, gains);
      Arrays.fill(gains, at, at + lanes, 1f);
      Arrays.fill(gains, at + (bins - 1) * lanes, at + bins * lanes, 1f);
    }
  }

  /**
   * Multiplies the spectra of the frames.
   *
   * @param gains [2][length / 2 + 1][lanes], as the powers are
   */
  public void scale(float[] gains) {
    loops.scalePairs(values.re, values.im, length, lanes, gains);
  }

  /**
   * Transforms the frames back, and adds them to sound. Ends the use of these frames.
   *
   * @param samples as given to {@link #forward}, also in the other arguments
   */
  public void addInverse(float[] samples, int from, int hop, int count) {
    transform.inverse(loops, values, lanes);
    add(values.re, samples, from, 2 * hop, (count + 1) / 2);
    add(values.im, samples, from + hop, 2 * hop, count / 2);
  }

  private void add(float[] x, float[] samples, int from, int apart, int count) {
    for (int lane = 0; lane < count; lane++) {
      int to = from + lane * apart;
      int at = lane;
      for (int i = 0; i < length; i++) {
        samples[to + i] = Math.fma(outWindow[i], x[at], samples[to + i]);
        at += lanes;
      }
    }
  }
}
