// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Simulates other occurrences of a clip: louder or softer, in noise, with shifted frame boundaries.
 * What is learnt from a clip must hold for these too.
 */
final class Variations {
  static final int COUNT = 8;
  private static final double SOFTEST_DB = -14;
  private static final double LOUDEST_DB = 6;
  private static final double LOWEST_SNR_DB = 10;
  private static final double HIGHEST_SNR_DB = 25;
  private static final int LATEST = 1600; // samples left out at the start
  private static final int ROWS = 12; // of pink noise

  private Variations() {}

  /** The clip itself, then its variations. */
  static List<float[]> of(float[] clip, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> all = new ArrayList<>(List.of(clip));
    double power = 0;
    for (float sample : clip) {
      power += (double) sample * sample / clip.length;
    }
    for (int i = 0; i < COUNT; i++) {
      float[] varied = Arrays.copyOfRange(clip, random.nextInt(LATEST), clip.length);
      double gain = decibels(random, SOFTEST_DB, LOUDEST_DB);
      double noise = Math.sqrt(power) / decibels(random, LOWEST_SNR_DB, HIGHEST_SNR_DB);
      float[] pink = pink(varied.length, random);
      for (int t = 0; t < varied.length; t++) {
        double sample = gain * (varied[t] + noise * pink[t]);
        varied[t] = (float) Math.max(-1, Math.min(1, sample));
      }
      all.add(varied);
    }
    return all;
  }

  private static double decibels(SplittableRandom random, double lowest, double highest) {
    return Math.pow(10, (lowest + (highest - lowest) * random.nextDouble()) / 20);
  }

  /** Pink noise of power 1, by the Voss-McCartney algorithm: white noises of halving rates. */
  private static float[] pink(int length, SplittableRandom random) {
    double[] rows = new double[ROWS];
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      rows[r] = uniform(random);
      sum += rows[r];
    }
    float[] pink = new float[length];
    for (int t = 0; t < length; t++) {
      int row = Integer.numberOfTrailingZeros(t + 1) % ROWS;
      sum -= rows[row];
      rows[row] = uniform(random);
      sum += rows[row];
      pink[t] = (float) ((sum + uniform(random)) / Math.sqrt(ROWS + 1));
    }
    return pink;
  }

  /** Uniform noise of power 1. */
  private static double uniform(SplittableRandom random) {
    return Math.sqrt(3) * (2 * random.nextDouble() - 1);
  }
}
