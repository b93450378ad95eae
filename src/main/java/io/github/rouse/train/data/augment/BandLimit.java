// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.feature.Convolution;
import io.github.rouse.feature.TransformCodec;
import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Sound without treble, as from a source of a lower sample rate: nothing is left above a steep
 * edge, no noise either.
 */
final class BandLimit {
  private static final double LOWEST_HZ = 3000;
  private static final double HIGHEST_HZ = 8000;
  private static final double TELEPHONE_HZ = 4000; // half the sample rate of G.711
  private static final double COMPANDED = 0.25; // share of the clips
  private static final double CODED = 0.25; // by a transform codec

  private final Recipe.Augmentation plan;
  private final int sampleRate;

  BandLimit(Recipe.Augmentation plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
  }

  /** Sometimes removes all above 3 to 8 kHz; half the time with a codec. */
  void apply(float[] samples, RandomGenerator random) {
    double share = plan.capture().bandLimit();
    if (share == 0 || random.nextDouble() >= share) { // no draw if off: older recipes' clips stay
      return;
    }
    double codec = random.nextDouble();
    double highest = codec < COMPANDED ? TELEPHONE_HZ : Math.min(HIGHEST_HZ, sampleRate / 2.0);
    double edge = LOWEST_HZ * Math.pow(highest / LOWEST_HZ, random.nextDouble());
    double slope = (0.02 + 0.1 * random.nextDouble()) * edge;
    if (codec < COMPANDED) {
      limit(samples, edge, slope);
      (random.nextBoolean() ? Companding.A_LAW : Companding.MU_LAW).apply(samples);
    } else if (codec < COMPANDED + CODED) {
      double step = 0.5 * Math.pow(4, random.nextDouble());
      TransformCodec.apply(samples, sampleRate, step, 30 + 30 * random.nextDouble());
    }
    limit(samples, edge, slope); // of a codec, what a lower sample rate could not hold
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.max(-1f, Math.min(1f, samples[i]));
    }
  }

  /**
   * Applies a low-pass filter of linear phase and no delay: a sinc in a Blackman-Harris window,
   * which leaves -92 dB above the edge.
   *
   * @param edge where nothing is left, Hz
   * @param slope Hz below it where it begins to fall
   */
  void limit(float[] samples, double edge, double slope) {
    int half = (int) Math.ceil(4 * sampleRate / slope);
    double cutoff = (edge - slope / 2) / sampleRate; // cycles per sample
    float[] response = new float[2 * half + 1];
    for (int i = 0; i < response.length; i++) {
      double phase = 2 * Math.PI * i / (2 * half);
      double window =
          0.35875
              - 0.48829 * Math.cos(phase)
              + 0.14128 * Math.cos(2 * phase)
              - 0.01168 * Math.cos(3 * phase);
      double x = 2 * Math.PI * cutoff * (i - half);
      response[i] = (float) (2 * cutoff * window * (i == half ? 1 : Math.sin(x) / x));
    }
    float[] delayed = Arrays.copyOf(samples, samples.length + half);
    Convolution.apply(delayed, response);
    System.arraycopy(delayed, half, samples, 0, samples.length);
  }
}
