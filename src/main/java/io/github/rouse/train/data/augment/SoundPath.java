// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The path from a mouth to a recording: room, noise, microphone, telephone, level, band limit. */
public final class SoundPath {
  private final FarRoom far;
  private final Reverberation reverberation;
  private final BackgroundNoise background;
  private final SpectralTilt tilt;
  private final Telephone telephone;
  private final Level level;
  private final BandLimit band;

  /**
   * Creates the path of a recipe.
   *
   * @param rooms measured responses as {@link MeasuredRoom} prepares them, used besides simulated
   *     ones
   */
  public SoundPath(Recipe.Augmentation plan, int sampleRate, List<float[]> rooms) {
    far = new FarRoom(plan, sampleRate, rooms);
    reverberation = new Reverberation(plan, sampleRate);
    background = new BackgroundNoise(plan.noise());
    tilt = new SpectralTilt(plan, sampleRate);
    telephone = new Telephone(plan, sampleRate);
    level = new Level(plan);
    band = new BandLimit(plan, sampleRate);
  }

  /**
   * Turns speech into what a microphone records. A sound keeps its place: nothing is delayed.
   *
   * @param samples speech at the mouth, in [-1, 1]; replaced by the result
   * @param power of the speech
   * @param noise returns noise as long as the samples; called only if noise is added, and may draw
   *     from {@code random}
   */
  public void record(
      float[] samples, double power, Supplier<float[]> noise, RandomGenerator random) {
    if (!far.apply(samples, random)) {
      reverberation.apply(samples, random);
    }
    background.apply(samples, power, noise, random);
    tilt.apply(samples, random);
    telephone.apply(samples, random);
    level.apply(samples, random);
    band.apply(samples, random);
  }
}
