// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/** Sixteen outputs from a stretch of input, each from eight successive samples of it. */
public final class BandedFilter {
  /** Outputs of a stretch. */
  public static final int OUTPUTS = 16;

  /** Inputs of an output. */
  public static final int TAPS = 8;

  /** Stretches at a time. */
  public static final int STRETCHES = 4;

  private FilterLoops loops; // plain, then vectors; see Late
  private final int[] first; // [OUTPUTS]
  private final float[][] taps; // [OUTPUTS][TAPS]
  private final float[] panel; // the taps in place, [inputs][OUTPUTS]; mostly zeros

  /**
   * Prepares a filter.
   *
   * @param first input of each output, [OUTPUTS]
   * @param taps [OUTPUTS][TAPS]
   */
  public BandedFilter(int[] first, float[][] taps) {
    this(Late.loops(), first, taps);
  }

  BandedFilter(FilterLoops loops, int[] first, float[][] taps) {
    this.loops = loops;
    this.first = first;
    this.taps = taps;
    int inputs = 0;
    for (int from : first) {
      inputs = Math.max(inputs, from + TAPS);
    }
    panel = new float[inputs * OUTPUTS];
    for (int j = 0; j < OUTPUTS; j++) {
      for (int k = 0; k < TAPS; k++) {
        panel[(first[j] + k) * OUTPUTS + j] = taps[j][k];
      }
    }
  }

  /**
   * Filters {@link #STRETCHES} stretches.
   *
   * @param x finite
   * @param from where the first stretch begins
   * @param apart inputs from one stretch to the next
   * @param y output
   * @param to where the first stretch's outputs begin
   * @param outApart outputs from one stretch to the next
   */
  public void apply(float[] x, int from, int apart, float[] y, int to, int outApart) {
    loops = Late.loops(loops, STRETCHES * OUTPUTS * TAPS);
    loops.filterBands(first, taps, panel, x, from, apart, y, to, outApart);
  }
}
