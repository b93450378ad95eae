// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.kernel.BandedFilter;
import java.util.Arrays;

/**
 * Resamples by a windowed sinc of eight taps: cheap, and clean up to 0.8 of Nyquist. At higher
 * speeds, content above the new Nyquist frequency aliases, which adds a little noise to the top of
 * the features' range.
 *
 * @param step samples of input in a period
 * @param period samples of output from one whole position in the input to the next
 */
record SincResampling(int step, int period) {
  private static final int TAPS = BandedFilter.TAPS;
  private static final int BEFORE = 3; // taps before the position
  private static final int PHASES = 1024;
  private static final int LONGEST = 32 * BandedFilter.OUTPUTS; // period
  private static final float[][] SINC = sinc(); // [PHASES + 1][TAPS]

  /** Resampling at a speed, to within a thousandth and mostly a ten-thousandth. */
  static SincResampling of(double speed) {
    SincResampling best = null;
    for (int period = BandedFilter.OUTPUTS; period <= LONGEST; period += BandedFilter.OUTPUTS) {
      int step = (int) Math.max(1, Math.round(speed * period));
      SincResampling next = new SincResampling(step, period);
      if (best == null || Math.abs(next.speed() - speed) < Math.abs(best.speed() - speed)) {
        best = next;
      }
    }
    return best;
  }

  /** Samples of input per sample of output. */
  double speed() {
    return (double) step / period;
  }

  /** Samples of output. */
  int length(int samples) {
    return (int) ((long) samples * period / step);
  }

  /** Resamples a recording. */
  float[] apply(float[] samples) {
    int length = length(samples.length);
    int together = BandedFilter.STRETCHES * period;
    int periods = (length + together - 1) / together * BandedFilter.STRETCHES;
    float[] out = new float[periods * period];
    float[] in = new float[Math.max(samples.length + BEFORE, periods * step + 2 * TAPS)];
    System.arraycopy(samples, 0, in, BEFORE, samples.length);
    for (int i = 0; i < period; i += BandedFilter.OUTPUTS) {
      int base = i * step / period;
      BandedFilter filter = filter(i);
      for (int number = 0; number < periods; number += BandedFilter.STRETCHES) {
        filter.apply(in, base + number * step, step, out, i + number * period, period);
      }
    }
    return Arrays.copyOf(out, length);
  }

  /** The filter of successive outputs of a period. */
  private BandedFilter filter(int output) {
    int base = output * step / period;
    int[] first = new int[BandedFilter.OUTPUTS];
    float[][] taps = new float[BandedFilter.OUTPUTS][];
    for (int j = 0; j < BandedFilter.OUTPUTS; j++) {
      int position = (output + j) * step;
      first[j] = position / period - base;
      taps[j] = SINC[(position % period * PHASES + period / 2) / period];
    }
    return new BandedFilter(first, taps);
  }

  private static float[][] sinc() {
    float[][] table = new float[PHASES + 1][TAPS];
    for (int phase = 0; phase <= PHASES; phase++) {
      for (int k = 0; k < TAPS; k++) {
        double x = Math.PI * ((double) phase / PHASES - (k - BEFORE));
        double window = Math.cos(x / 8.5);
        table[phase][k] = (float) ((Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * window * window);
      }
    }
    return table;
  }
}
