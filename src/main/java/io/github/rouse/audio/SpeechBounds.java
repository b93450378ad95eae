// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.util.Arrays;

/**
 * Start and end of a word in its recording, by energy. Speech is what exceeds the floor by 0.35 of
 * the range from floor to peak, in dB, after pre-emphasis. Silence around the word does not shift
 * the bounds, and digital silence does not count as the floor.
 *
 * @param start first sample
 * @param end sample after the last
 */
public record SpeechBounds(int start, int end) {
  private static final double RISE = 0.35;
  private static final double CELL_SECONDS = 0.01;
  private static final double QUIETEST = 1e-10; // power: below NOTHING_DB
  private static final double PRE_EMPHASIS = 0.97; // suppresses rumble
  private static final double NOTHING_DB =
      -87; // digital silence, which editors put around a recording
  private static final int LONGEST_PAUSE = 20; // cells; sound beyond it is another sound

  /**
   * Finds the bounds of the word in a recording.
   *
   * @param samples the recording, in [-1, 1]
   * @param sampleRate Hz
   */
  public static SpeechBounds of(float[] samples, int sampleRate) {
    int cell = (int) (CELL_SECONDS * sampleRate);
    int cells = samples.length / cell;
    if (cells < 3) {
      return new SpeechBounds(0, samples.length);
    }
    double[] levels = new double[cells]; // dB
    for (int c = 0; c < cells; c++) {
      double sum = QUIETEST * cell;
      for (int i = Math.max(1, c * cell); i < (c + 1) * cell; i++) {
        double x = samples[i] - PRE_EMPHASIS * samples[i - 1];
        sum += x * x;
      }
      levels[c] = 10 * Math.log10(sum / cell);
    }
    levels = withoutClicks(levels);
    double[] sorted = Arrays.stream(levels).filter(level -> level > NOTHING_DB).sorted().toArray();
    if (sorted.length == 0) {
      return new SpeechBounds(0, samples.length);
    }
    double floor = sorted[sorted.length / 20];
    double loud = floor + RISE * (sorted[sorted.length - 1] - floor);
    int peak = 0;
    for (int c = 0; c < cells; c++) {
      peak = levels[c] > levels[peak] ? c : peak;
    }
    int first = edge(levels, peak, -1, loud);
    int last = edge(levels, peak, 1, loud);
    return new SpeechBounds(first * cell, Math.min(samples.length, (last + 1) * cell));
  }

  /** Medians of five cells, which remove clicks: sounds of at most two cells. */
  private static double[] withoutClicks(double[] levels) {
    double[] medians = new double[levels.length];
    for (int c = 0; c < levels.length; c++) {
      int from = Math.max(0, Math.min(c - 2, levels.length - 5));
      double[] around = Arrays.copyOfRange(levels, from, Math.min(levels.length, from + 5));
      Arrays.sort(around);
      medians[c] = around[around.length / 2];
    }
    return medians;
  }

  /** Goes from the peak outwards to the last loud cell before a long pause. */
  private static int edge(double[] levels, int peak, int direction, double loud) {
    int edge = peak;
    for (int c = peak; c >= 0 && c < levels.length; c += direction) {
      if (levels[c] >= loud) {
        edge = c;
      } else if (Math.abs(c - edge) > LONGEST_PAUSE) {
        break;
      }
    }
    return edge;
  }
}
