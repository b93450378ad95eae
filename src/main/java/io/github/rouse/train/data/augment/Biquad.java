// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** A second-order filter. */
final class Biquad {
  private Biquad() {}

  /** Applies a high-pass or low-pass biquad (R. Bristow-Johnson's cookbook). */
  static void apply(float[] samples, int sampleRate, double cornerHz, double q, boolean high) {
    double w = 2 * Math.PI * cornerHz / sampleRate;
    double alpha = Math.sin(w) / (2 * q);
    double a0 = 1 + alpha;
    double a1 = -2 * Math.cos(w) / a0;
    double a2 = (1 - alpha) / a0;
    double b0 = (high ? 1 + Math.cos(w) : 1 - Math.cos(w)) / 2 / a0;
    double b1 = (high ? -2 : 2) * b0;
    double x1 = 0;
    double x2 = 0;
    double y1 = 0;
    double y2 = 0;
    for (int i = 0; i < samples.length; i++) {
      double x = samples[i];
      double y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      samples[i] = (float) y;
    }
  }
}
