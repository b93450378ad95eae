// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Brings each value of the teacher's vectors to mean 0 and standard deviation 1.
 *
 * @param mean [values]
 * @param scale [values], 1 / standard deviation
 */
record Standardisation(float[] mean, float[] scale) {
  private static final double LEAST = 1e-6; // standard deviation

  /** The statistics of all vectors of some reels. */
  static Standardisation of(List<Reel> reels, int values) {
    double[] sums = new double[values];
    double[] squares = new double[values];
    long count = 0;
    for (Reel reel : reels) {
      for (int i = 0; i < reel.count() * values; i++) {
        double value = reel.vectors().get(i);
        sums[i % values] += value;
        squares[i % values] += value * value;
      }
      count += reel.count();
    }
    float[] mean = new float[values];
    float[] scale = new float[values];
    for (int i = 0; i < values; i++) {
      double m = sums[i] / count;
      mean[i] = (float) m;
      scale[i] = (float) (1 / Math.max(LEAST, Math.sqrt(squares[i] / count - m * m)));
    }
    return new Standardisation(mean, scale);
  }

  int values() {
    return mean.length;
  }

  /** Standardises one vector. */
  void apply(FloatBuffer from, int index, float[] to, int at) {
    for (int i = 0; i < mean.length; i++) {
      to[at + i] = (from.get(index + i) - mean[i]) * scale[i];
    }
  }
}
