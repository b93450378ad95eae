// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.augment.Power;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws the noise of a clip: a background, or babble of several voices at once. */
public final class NoiseSource {
  private static final int FEWEST_VOICES = 2;
  private static final int MOST_VOICES = 8;

  private final List<Sound> backgrounds;
  private final List<Sound> voices;
  private final double babble;

  /**
   * Prepares a source; either list may be empty.
   *
   * @param babble share of the noise that is babble
   */
  public NoiseSource(List<Sound> backgrounds, List<Sound> voices, double babble) {
    this.backgrounds = backgrounds;
    this.voices = voices;
    this.babble = babble;
  }

  /** Noise of about unit power per recording, [length]; zeros if there is nothing to draw from. */
  public float[] draw(int length, RandomGenerator random) {
    float[] noise = new float[length];
    float[] scratch = new float[length];
    boolean voiced = random.nextDouble() < babble && !voices.isEmpty();
    if (voiced || backgrounds.isEmpty()) {
      int most = MOST_VOICES - FEWEST_VOICES + 1;
      int count = voices.isEmpty() ? 0 : FEWEST_VOICES + random.nextInt(most);
      for (; count > 0; count--) {
        fill(noise, scratch, voices, random);
      }
      return noise;
    }
    fill(noise, scratch, backgrounds, random);
    return noise;
  }

  /**
   * Adds recordings at equal power, one after another, until the noise is full.
   *
   * @param scratch as long as the noise: C2 vectorises a sum of two arrays only at one index
   */
  private static void fill(
      float[] noise, float[] scratch, List<Sound> sounds, RandomGenerator random) {
    for (int at = 0; at < noise.length; ) {
      Sound sound = sounds.get(random.nextInt(sounds.size()));
      int length = Math.min(sound.length(), noise.length - at);
      sound.copy(random.nextInt(sound.length() - length + 1), scratch, at, length);
      double power = Power.of(scratch, at, at + length);
      float scale = (float) (1 / Math.sqrt(Math.max(1e-8, power)));
      for (int end = at + length; at < end; at++) {
        noise[at] += scale * scratch[at];
      }
    }
  }
}
