// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.feature.VocalTract;
import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Simulates other speakers: speed, tempo, rhythm, pitch and vocal-tract length. */
public final class VoiceVariation {
  private final Recipe.Augmentation.VoicePlan plan;
  private final int sampleRate;
  private final TimeStretch stretch;
  private final Rhythm rhythm;

  public VoiceVariation(Recipe.Augmentation.VoicePlan plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
    stretch = new TimeStretch(sampleRate);
    rhythm = new Rhythm(plan, sampleRate, stretch.hop());
  }

  /**
   * A recording as another speaker.
   *
   * @param samples of the variant
   * @param places position in the original of every {@code hop}-th sample
   */
  public record Variant(float[] samples, double[] places, int hop) {
    /** Maps a sample of the original to the variant. */
    public int place(int sample) {
      int found = Arrays.binarySearch(places, sample);
      int after = Math.min(found >= 0 ? found : -found - 1, places.length - 1);
      if (after == 0) {
        return 0;
      }
      double from = places[after - 1];
      double share = Math.min(1, (sample - from) / (places[after] - from));
      return Math.min(samples.length, (int) ((after - 1 + share) * hop));
    }
  }

  /** Simulates another speaker: speed, tempo, rhythm, pitch and vocal-tract length. */
  public Variant varied(float[] samples, RandomGenerator random) {
    double speed = Math.exp(plan.speed() * random.nextGaussian());
    double tempo = Math.exp(plan.tempo() * random.nextGaussian());
    double pitch = Math.exp(plan.pitch() * random.nextGaussian());
    double formants = Math.exp(plan.formants() * random.nextGaussian());
    float[] faster =
        SincResampling.resampled(samples, speed * pitch); // tempo and resonances are restored below
    Rhythm.Warp warp = rhythm.warp(faster, tempo / pitch, random);
    float[] other = stretch.apply(faster, warp);
    double[] places = warp.places().clone();
    for (int i = 0; i < places.length; i++) {
      places[i] *= speed * pitch;
    }
    if (plan.formants() > 0 || plan.pitch() > 0) {
      other = VocalTract.scaled(other, sampleRate, formants / pitch);
    }
    return new Variant(other, places, stretch.hop());
  }
}
