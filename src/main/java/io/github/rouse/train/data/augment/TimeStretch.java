// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** Changes the tempo of a recording and keeps its pitch. */
final class TimeStretch {
  private final int sampleRate;
  private final float[] window; // 40 ms, Hann; halves overlap to a sum of 1

  TimeStretch(int sampleRate) {
    this.sampleRate = sampleRate;
    window = new float[sampleRate / 25];
    for (int i = 0; i < window.length; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / window.length));
    }
  }

  /** Samples of output from one place of a warp to the next. */
  int hop() {
    return window.length / 2;
  }

  /**
   * Applies a time warp and keeps the pitch: overlapping windows of 40 ms, each shifted by up to 10
   * ms to fit the previous one best (WSOLA, Verhelst and Roelands 1993).
   */
  float[] apply(float[] samples, Rhythm.Warp warp) {
    int hop = hop();
    int margin = sampleRate / 100;
    int length = warp.length();
    float[] out = new float[length];
    int natural = 0; // where the last window would continue
    for (int at = 0; at < length; at += hop) {
      int wanted = (int) warp.places()[at / hop];
      int from = at == 0 ? 0 : bestShift(samples, natural, wanted, margin, hop);
      int end = Math.min(window.length, Math.min(length - at, samples.length - from));
      for (int i = 0; i < end; i++) {
        out[at + i] += (at == 0 && i < hop ? 1 : window[i]) * samples[from + i];
      }
      natural = from + hop;
    }
    return out;
  }

  private static int bestShift(float[] samples, int natural, int wanted, int margin, int length) {
    int best = Math.max(0, Math.min(wanted, samples.length - 1));
    double bestFit = Double.NEGATIVE_INFINITY;
    for (int shift = -margin; shift <= margin; shift += 4) {
      int from = wanted + shift;
      if (from < 0 || from + length > samples.length || natural + length > samples.length) {
        continue;
      }
      double fit = 0;
      for (int i = 0; i < length; i += 4) {
        fit += samples[from + i] * samples[natural + i];
      }
      if (fit > bestFit) {
        bestFit = fit;
        best = from;
      }
    }
    return best;
  }
}
