// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** Resamples by a windowed sinc: cheap, and good enough for a change of speed. */
final class SincResampling {
  private static final int TAPS = 8;
  private static final int PHASES = 256;
  private static final float[][] SINC = sinc(); // [PHASES + 1][TAPS]

  private SincResampling() {}

  /**
   * Resamples by a windowed sinc of eight taps in {@value #PHASES} phases: clean up to 0.8 of
   * Nyquist. At higher speeds, content above the new Nyquist frequency aliases, which adds a little
   * noise to the top of the features' range.
   */
  static float[] resampled(float[] samples, double speed) {
    float[] out = new float[(int) (samples.length / speed)];
    for (int i = 0; i < out.length; i++) {
      double at = i * speed;
      int base = (int) at;
      float[] taps = SINC[(int) ((at - base) * PHASES + 0.5)];
      if (base >= 3 && base + 5 <= samples.length) {
        out[i] =
            (samples[base - 3] * taps[0] + samples[base - 2] * taps[1])
                + (samples[base - 1] * taps[2] + samples[base] * taps[3])
                + (samples[base + 1] * taps[4] + samples[base + 2] * taps[5])
                + (samples[base + 3] * taps[6] + samples[base + 4] * taps[7]);
        continue;
      }
      int first = Math.max(0, 3 - base);
      int end = Math.min(TAPS, samples.length - base + 3);
      float sum = 0;
      for (int k = first; k < end; k++) {
        sum += samples[base - 3 + k] * taps[k];
      }
      out[i] = sum;
    }
    return out;
  }

  private static float[][] sinc() {
    float[][] table = new float[PHASES + 1][TAPS];
    for (int phase = 0; phase <= PHASES; phase++) {
      for (int k = 0; k < TAPS; k++) {
        double x = Math.PI * ((double) phase / PHASES - (k - 3));
        double window = Math.cos(x / 8.5);
        table[phase][k] = (float) ((Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * window * window);
      }
    }
    return table;
  }
}
