// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Background noise under speech. */
final class BackgroundNoise {
  private final Recipe.Augmentation.NoisePlan plan;

  BackgroundNoise(Recipe.Augmentation.NoisePlan plan) {
    this.plan = plan;
  }

  /**
   * Sometimes adds noise at a random signal-to-noise ratio.
   *
   * @param signal power of the speech
   * @param noise as long as the samples; may draw random numbers
   */
  void apply(float[] samples, double signal, Supplier<float[]> noise, RandomGenerator random) {
    if (random.nextDouble() >= plan.probability()) {
      return;
    }
    float[] added = noise.get();
    double span = plan.highestSnrDb() - plan.lowestSnrDb();
    double snr = plan.lowestSnrDb() + span * random.nextDouble();
    double power = Power.of(added, 0, added.length);
    if (power <= 0) {
      return;
    }
    float scale = (float) Math.sqrt(signal / power / Math.pow(10, snr / 10));
    for (int i = 0; i < samples.length; i++) {
      samples[i] += scale * added[i];
    }
  }
}
