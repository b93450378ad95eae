// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.feature.Convolution;
import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** A room as near speech has it: the direct sound and a faint tail. */
final class Reverberation {
  private final Recipe.Augmentation plan;
  private final int sampleRate;

  Reverberation(Recipe.Augmentation plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
  }

  /** Sometimes adds reverberation: decaying noise with a T60 of 0.08 to 0.6 s (Polack). */
  void apply(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.reverberation()) {
      return;
    }
    double t60 = 0.08 * Math.pow(0.6 / 0.08, random.nextDouble());
    double ratio = Math.pow(10, -random.nextDouble() * 1.2); // of reverberant to direct energy
    float[] response = new float[(int) (t60 * sampleRate)];
    double decay = 6.9 / response.length; // -60 dB in power at the end
    double energy = 0;
    for (int i = sampleRate / 500; i < response.length; i++) {
      response[i] = (float) (random.nextGaussian() * Math.exp(-decay * i));
      energy += response[i] * response[i];
    }
    float scale = (float) Math.sqrt(ratio / Math.max(1e-9, energy));
    for (int i = 0; i < response.length; i++) {
      response[i] *= scale;
    }
    response[0] = 1;
    Convolution.apply(samples, response);
  }
}
