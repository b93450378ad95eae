// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** Power of samples. */
public final class Power {
  private Power() {}

  /** Mean square of samples {@code from} (inclusive) to {@code to} (exclusive). */
  public static double of(float[] samples, int from, int to) {
    double a = 0; // four independent sums hide the latency of additions
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += (double) samples[i] * samples[i];
      b += (double) samples[i + 1] * samples[i + 1];
      c += (double) samples[i + 2] * samples[i + 2];
      d += (double) samples[i + 3] * samples[i + 3];
    }
    for (; i < to; i++) {
      a += (double) samples[i] * samples[i];
    }
    return to > from ? (a + b + (c + d)) / (to - from) : 0;
  }
}
