// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** A telephone line. */
final class Telephone {
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
    Biquad.apply(samples, sampleRate, 300, q, true);
    Biquad.apply(samples, sampleRate, 300, 1.31, true);
    Biquad.apply(samples, sampleRate, 3400, q, false);
    Biquad.apply(samples, sampleRate, 3400, 1.31, false);
    Companding.MU_LAW.apply(samples);
  }
}
