// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.feature.VocalTract;
import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Simulates other speakers: speed, tempo, rhythm, pitch and vocal-tract length. */
public final class VoiceVariation {
  private final Recipe.Augmentation.VoicePlan plan;
  private final ThreadLocal<VocalTract> tracts;
  private final TimeStretch stretch;
  private final Rhythm rhythm;

  public VoiceVariation(Recipe.Augmentation.VoicePlan plan, int sampleRate) {
    this.plan = plan;
    tracts = ThreadLocal.withInitial(() -> new VocalTract(sampleRate));
    stretch = new TimeStretch(sampleRate);
    rhythm = new Rhythm(plan, sampleRate, stretch.hop());
  }

  /** A recording as another speaker. */
  public final class Variant {
    private final float[] original;
    private final SincResampling resampling;
    private final Rhythm.Warp warp; // of the resampled recording
    private final double tract; // factor of its resonances

    private Variant(float[] original, SincResampling resampling, Rhythm.Warp warp, double tract) {
      this.original = original;
      this.resampling = resampling;
      this.warp = warp;
      this.tract = tract;
    }

    /** Samples of the variant. */
    public int length() {
      return warp.length();
    }

    /** Maps a sample of the original to the variant. */
    public int place(int sample) {
      double[] places = warp.places();
      double wanted = sample / resampling.speed();
      int found = Arrays.binarySearch(places, wanted);
      int after = Math.min(found >= 0 ? found : -found - 1, places.length - 1);
      if (after == 0) {
        return 0;
      }
      double from = places[after - 1];
      double share = Math.min(1, (wanted - from) / (places[after] - from));
      return Math.min(length(), (int) ((after - 1 + share) * stretch.hop()));
    }

    /** Computes its samples, which takes most of the time. */
    public float[] samples() {
      float[] faster = resampling.apply(original);
      float[] other = stretch.apply(faster, warp);
      return plan.formants() > 0 || plan.pitch() > 0 ? tracts.get().scaled(other, tract) : other;
    }
  }

  /**
   * Simulates another speaker: speed, tempo, rhythm, pitch and vocal-tract length.
   *
   * @param samples not modified until the variant's are computed
   */
  public Variant varied(float[] samples, RandomGenerator random) {
    double speed = Math.exp(plan.speed() * random.nextGaussian());
    double tempo = Math.exp(plan.tempo() * random.nextGaussian());
    double pitch = Math.exp(plan.pitch() * random.nextGaussian());
    double formants = Math.exp(plan.formants() * random.nextGaussian());
    SincResampling resampling = SincResampling.of(speed * pitch);
    double back = speed / resampling.speed(); // restores tempo and resonances
    Rhythm.Warp warp = rhythm.warp(samples, resampling, tempo * back, random);
    return new Variant(samples, resampling, warp, formants * back);
  }
}
