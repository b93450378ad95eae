// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** The frequency response of another microphone. */
final class SpectralTilt {
  private final Recipe.Augmentation plan;
  private final int sampleRate;

  SpectralTilt(Recipe.Augmentation plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
  }

  /** Sometimes simulates another microphone: a shelf at a random corner, and a high-pass. */
  void apply(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.tilt()) {
      return;
    }
    double corner = 300 * Math.pow(10, random.nextDouble()); // 300 Hz to 3 kHz
    float share = (float) (1 - Math.exp(-2 * Math.PI * corner / sampleRate));
    float high = (float) Math.pow(10, (random.nextDouble() * 16 - 8) / 20);
    float pass = (float) Math.exp(-2 * Math.PI * (20 + 130 * random.nextDouble()) / sampleRate);
    float low = 0;
    float before = 0;
    float passed = 0;
    for (int i = 0; i < samples.length; i++) {
      low += share * (samples[i] - low);
      float shelved = low + high * (samples[i] - low);
      passed = pass * (passed + shelved - before);
      before = shelved;
      samples[i] = passed;
    }
  }
}
