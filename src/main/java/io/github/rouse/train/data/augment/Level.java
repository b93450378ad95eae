// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** The level of a recording. */
final class Level {
  private final Recipe.Augmentation plan;

  Level(Recipe.Augmentation plan) {
    this.plan = plan;
  }

  /** Applies a random gain, adds a little microphone noise or sometimes none, and clips. */
  void apply(float[] samples, RandomGenerator random) {
    float gain = (float) Math.pow(10, plan.gainDb() * (2 * random.nextDouble() - 1) / 20);
    float floor = (float) Math.pow(10, -(60 + 25 * random.nextDouble()) / 20);
    double silence = plan.capture().digitalSilence();
    if (silence > 0 && random.nextDouble() < silence) { // no draw if off: older clips stay
      floor = 0;
    }
    for (int i = 0; i < samples.length; i++) {
      long bits = random.nextLong(); // two uniform numbers; their sum has variance 2/3
      float noise = 1.22f * 0x1p-31f * ((int) bits + (float) (int) (bits >>> 32));
      samples[i] = Math.max(-1f, Math.min(1f, gain * samples[i] + floor * noise));
    }
  }
}
