// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** A telephone line. */
final class Telephone {
  private static final double MU = 255; // of the mu-law

  private final Recipe.Augmentation plan;
  private final int sampleRate;

  Telephone(Recipe.Augmentation plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
  }

  /** Sometimes simulates a telephone: 300 to 3400 Hz, and G.711 (mu-law, 8 bits). */
  void apply(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.telephone()) {
      return;
    }
    double q = 0.54; // with 1.31: a fourth-order Butterworth filter
    filter(samples, 300, q, true);
    filter(samples, 300, 1.31, true);
    filter(samples, 3400, q, false);
    filter(samples, 3400, 1.31, false);
    double most = Math.log1p(MU);
    for (int i = 0; i < samples.length; i++) {
      double code = Math.log1p(MU * Math.min(1, Math.abs(samples[i]))) / most;
      double value = Math.expm1(Math.round(code * 127) / 127.0 * most) / MU;
      samples[i] = (float) Math.copySign(value, samples[i]);
    }
  }

  /** A high-pass or low-pass biquad (R. Bristow-Johnson's cookbook). */
  private void filter(float[] samples, double cornerHz, double q, boolean high) {
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
