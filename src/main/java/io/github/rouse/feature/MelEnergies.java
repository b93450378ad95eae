// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.kernel.FilterBank;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.TriangularFilters;
import java.util.Arrays;

/** Computes mel energies of samples in [-1, 1]. */
final class MelEnergies {
  final FilterBank bank;
  final float[] values; // [bands][lanes]: energies, then features computed in place
  final int bands;
  private final int hop;

  MelEnergies(FeatureSpec spec) {
    hop = spec.hop();
    Mel mel = spec.spectrum().mel();
    double binsPerHz = (double) spec.fftLength() / spec.sampleRate();
    int last = spec.fftLength() / 2; // has no weight, like bin 0
    int[] edges =
        Arrays.stream(mel.edges())
            .mapToInt(hz -> (int) Math.min(last, Math.ceil(hz * binsPerHz)))
            .toArray();
    double[][] filters = mel.filters(spec.sampleRate(), spec.fftLength());
    float[] rising = new float[last + 1];
    float[] falling = new float[last + 1];
    for (int b = 0; b < filters.length; b++) {
      for (int k = edges[b]; k < edges[b + 1]; k++) {
        rising[k] = (float) filters[b][k];
      }
      for (int k = edges[b + 1]; k < edges[b + 2]; k++) {
        falling[k] = (float) filters[b][k];
      }
    }
    double[] window = spec.window();
    float[] floats = new float[window.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) window[i];
    }
    bank =
        Kernels.filterBank(new TriangularFilters(spec.fftLength(), floats, edges, rising, falling));
    bands = filters.length;
    values = new float[bands * FilterBank.MOST];
  }

  /** Computes the energies of successive frames; returns the lanes of {@link #values}. */
  int compute(float[] samples, int count) {
    return bank.energies(samples, hop, count, values);
  }

  /** Copies {@link #values} to frames, one per lane. */
  void deliver(int lanes, int count, float[][] frames) {
    for (int lane = 0; lane < count; lane++) {
      for (int b = 0; b < frames[lane].length; b++) {
        frames[lane][b] = values[b * lanes + lane];
      }
    }
  }
}
