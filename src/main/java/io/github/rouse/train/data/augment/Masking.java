// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.random.RandomGenerator;

/** SpecAugment (Park et al. 2019). */
public final class Masking {
  private final Recipe.Augmentation plan;

  public Masking(Recipe.Augmentation plan) {
    this.plan = plan;
  }

  /** Sometimes replaces two bands and two time spans of the features by their mean. */
  public void apply(float[][] frames, RandomGenerator random) {
    if (random.nextDouble() >= plan.masking()) {
      return;
    }
    int bins = frames[0].length;
    float[] means = new float[bins];
    for (float[] frame : frames) {
      for (int k = 0; k < bins; k++) {
        means[k] += frame[k] / frames.length;
      }
    }
    for (int m = 0; m < 2; m++) {
      int width = random.nextInt(1 + bins / 6);
      int from = random.nextInt(bins - width + 1);
      int length = random.nextInt(1 + Math.min(12, frames.length / 8));
      int start = random.nextInt(frames.length - length + 1);
      for (int t = 0; t < frames.length; t++) {
        boolean hidden = t >= start && t < start + length;
        for (int k = hidden ? 0 : from; k < (hidden ? bins : from + width); k++) {
          frames[t][k] = means[k];
        }
      }
    }
  }
}
