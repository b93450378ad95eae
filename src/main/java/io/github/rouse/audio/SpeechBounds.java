package io.github.rouse.audio;

import java.util.Arrays;

/**
 * Where a word begins and ends within its recording, by energy: what stands above the floor by 0.35
 * of the range between floor and peak, in dB. Silence around it so shifts no label.
 *
 * @param start first sample
 * @param end the sample after the last
 */
public record SpeechBounds(int start, int end) {
  private static final double RISE = 0.35;
  private static final double CELL_SECONDS = 0.01;
  private static final int LONGEST_PAUSE = 20; // cells; what is farther off is another sound

  /**
   * Looks for them.
   *
   * @param samples the recording, in [-1, 1]
   * @param sampleRate of them, Hz
   */
  public static SpeechBounds of(float[] samples, int sampleRate) {
    int cell = (int) (CELL_SECONDS * sampleRate);
    int cells = samples.length / cell;
    if (cells < 3) {
      return new SpeechBounds(0, samples.length);
    }
    double[] levels = new double[cells]; // dB
    for (int c = 0; c < cells; c++) {
      double sum = 1e-8 * cell;
      for (int i = c * cell; i < (c + 1) * cell; i++) {
        sum += (double) samples[i] * samples[i];
      }
      levels[c] = 10 * Math.log10(sum / cell);
    }
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    double floor = sorted[cells / 20];
    double loud = floor + RISE * (sorted[cells - 1] - floor);
    int peak = 0;
    for (int c = 0; c < cells; c++) {
      peak = levels[c] > levels[peak] ? c : peak;
    }
    int first = edge(levels, peak, -1, loud);
    int last = edge(levels, peak, 1, loud);
    return new SpeechBounds(first * cell, Math.min(samples.length, (last + 1) * cell));
  }

  /** From the peak outwards to the last loud cell before a long pause. */
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
