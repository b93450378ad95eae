// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws time warps: a tempo that changes within a recording, and longer or shorter closures. */
final class Rhythm {
  private static final int KNOT_CELLS = 12;
  private static final double QUIETER = 60; // than the loudest cell, in power: -18 dB

  private final Recipe.Augmentation.VoicePlan plan;
  private final int sampleRate;
  private final int hop;

  /**
   * Creates the rhythm of a recipe.
   *
   * @param hop samples of output from one place of a warp to the next
   */
  Rhythm(Recipe.Augmentation.VoicePlan plan, int sampleRate, int hop) {
    this.plan = plan;
    this.sampleRate = sampleRate;
    this.hop = hop;
  }

  /**
   * A time warp.
   *
   * @param places position in the recording of every hop-th sample of output
   * @param length of the output, in samples
   */
  record Warp(double[] places, int length) {}

  /**
   * Draws a time warp of a recording that is to be resampled. The tempo changes every {@value
   * #KNOT_CELLS} cells of 10 ms. Quiet cells, such as stop closures, share one random stretch
   * factor: careful speakers lengthen all of them.
   *
   * @param original before resampling
   */
  Warp warp(float[] original, SincResampling resampling, double tempo, RandomGenerator random) {
    int cell = sampleRate / 100;
    int resampled = resampling.length(original.length);
    double speed = resampling.speed();
    double[] pace = new double[resampled / cell + 1]; // input per output, [cells]
    double before = plan.rhythm() * random.nextGaussian();
    for (int from = 0; from < pace.length; from += KNOT_CELLS) {
      double after = plan.rhythm() * random.nextGaussian();
      for (int i = from; i < Math.min(pace.length, from + KNOT_CELLS); i++) {
        double share = (double) (i - from) / KNOT_CELLS;
        pace[i] = tempo * Math.exp(before + share * (after - before));
      }
      before = after;
    }
    double closure = Math.exp(plan.closures() * random.nextGaussian());
    double[] powers = new double[pace.length];
    for (int i = 0; i < pace.length; i++) {
      int end = Math.min(original.length, (int) ((i + 1) * cell * speed));
      powers[i] = Power.of(original, (int) (i * cell * speed), end);
    }
    double quiet = Arrays.stream(powers).max().orElse(0) / QUIETER;
    for (int i = 0; i < pace.length; i++) {
      pace[i] /= powers[i] < quiet ? closure : 1;
    }
    double length = 0;
    for (int i = 0; i < pace.length; i++) {
      length += Math.min(cell, resampled - i * cell) / pace[i];
    }
    double[] places = new double[(int) (length / hop) + 2]; // one past the end
    for (int i = 1; i < places.length; i++) {
      double at = places[i - 1];
      for (double left = hop; left > 0; ) { // cell by cell
        int in = Math.min((int) (at / cell), pace.length - 1);
        double rest = ((in + 1) * cell - at) / pace[in];
        double step = in == pace.length - 1 ? left : Math.min(left, rest + 1e-6);
        at += step * pace[in];
        left -= step;
      }
      places[i] = at;
    }
    return new Warp(places, (int) length);
  }
}
