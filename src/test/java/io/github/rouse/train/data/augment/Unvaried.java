// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe.Augmentation;

/** Augmentation that changes nothing, whole and in parts. */
public final class Unvaried {
  public static final Augmentation.VoicePlan VOICE = new Augmentation.VoicePlan(0, 0, 0, 0, 0, 0);
  public static final Augmentation.NoisePlan NOISE = new Augmentation.NoisePlan(0, 10, 10, 0);
  public static final Augmentation CLIP = with(Augmentation.Capture.NEAR);

  private Unvaried() {}

  static Augmentation with(Augmentation.Capture capture) {
    return new Augmentation(0, VOICE, 0, NOISE, 0, 0, 0, capture);
  }
}
