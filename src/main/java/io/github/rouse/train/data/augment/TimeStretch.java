// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import io.github.rouse.kernel.Kernels;

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
    ShiftSearch search = new ShiftSearch(samples, sampleRate / 100, hop);
    int length = warp.length();
    float[] out = new float[length];
    for (int i = 0; i < Math.min(hop, Math.min(length, samples.length)); i++) {
      out[i] = window[hop + i] * samples[i]; // of a window that would begin earlier
    }
    int natural = 0; // where the last window would continue
    for (int at = 0; at < length; at += hop) {
      int wanted = (int) warp.places()[at / hop];
      int from = at == 0 ? 0 : search.place(natural, wanted);
      int end = Math.min(window.length, Math.min(length - at, samples.length - from));
      for (int i = 0; i < end; i++) {
        out[at + i] += window[i] * samples[from + i];
      }
      natural = from + hop;
    }
    return out;
  }

  /**
   * Finds the shift at which a recording best continues its last window: the largest
   * cross-correlation, not normalised.
   */
  private static final class ShiftSearch {
    private static final int STEP = 4; // of the places tried, and of the samples compared

    private final float[] samples;
    private final int margin; // samples
    private final int lastStart; // the last place that enough samples follow
    private final int terms; // samples compared
    private final float[] wave; // [terms], to be continued
    private final float[] candidates; // [places + terms + spare], from the first place on
    private final float[] correlations; // [places + spare]

    ShiftSearch(float[] samples, int margin, int length) {
      this.samples = samples;
      this.margin = margin;
      lastStart = samples.length - length;
      terms = (length + STEP - 1) / STEP;
      wave = new float[terms];
      correlations = new float[2 * margin / STEP + 1 + Kernels.spare()];
      candidates = new float[correlations.length + terms];
    }

    /**
     * The place within the margin around {@code wanted} that continues {@code natural} best; {@code
     * wanted} itself, within the recording, if too few samples follow.
     */
    int place(int natural, int wanted) {
      int first = wanted - margin;
      first += Math.max(0, STEP - 1 - first) / STEP * STEP; // not before the recording
      int end = Math.min(wanted + margin, lastStart);
      if (natural > lastStart || end < first) {
        return Math.max(0, Math.min(wanted, samples.length - 1));
      }
      int places = (end - first) / STEP + 1;
      for (int i = 0; i < places + terms - 1; i++) {
        candidates[i] = samples[first + STEP * i];
      }
      for (int i = 0; i < terms; i++) {
        wave[i] = samples[natural + STEP * i];
      }
      Kernels.correlate(wave, terms, candidates, places, correlations);
      int best = 0;
      for (int place = 1; place < places; place++) {
        if (correlations[place] > correlations[best]) {
          best = place;
        }
      }
      return first + STEP * best;
    }
  }
}
