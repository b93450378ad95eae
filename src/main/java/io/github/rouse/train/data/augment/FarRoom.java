// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.feature.Convolution;
import io.github.rouse.train.recipe.Recipe;
import java.util.List;
import java.util.random.RandomGenerator;

/** A talker on the far side of a room: quieter, and blurred by its reflections. */
final class FarRoom {
  private static final double MEASURED = 0.5; // share of measured rooms, if there are any
  private static final double MOST_DB = 10; // a measured room's loss of level

  private final Recipe.Augmentation plan;
  private final int sampleRate;
  private final List<float[]> measured;

  /**
   * Creates the far rooms of a recipe.
   *
   * @param measured responses as {@link MeasuredRoom} prepares them
   */
  FarRoom(Recipe.Augmentation plan, int sampleRate, List<float[]> measured) {
    this.plan = plan;
    this.sampleRate = sampleRate;
    this.measured = measured;
  }

  /**
   * Sometimes moves the talker from the microphone to a place in a room.
   *
   * @return whether it did
   */
  boolean apply(float[] samples, RandomGenerator random) {
    double share = plan.capture().farRooms();
    if (share == 0 || random.nextDouble() >= share) { // no draw if off: older recipes' clips stay
      return false;
    }
    if (!measured.isEmpty() && random.nextDouble() < MEASURED) {
      Convolution.apply(samples, measured.get(random.nextInt(measured.size())));
      float gain = (float) Math.pow(10, -MOST_DB * random.nextDouble() / 20);
      for (int i = 0; i < samples.length; i++) {
        samples[i] *= gain;
      }
    } else {
      Convolution.apply(samples, ShoeboxRoom.draw(random).response(sampleRate, random));
    }
    return true;
  }
}
