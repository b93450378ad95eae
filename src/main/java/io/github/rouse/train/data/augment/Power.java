// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** Power of samples. */
public final class Power {
  private Power() {}

  /** Mean square of samples {@code from} (inclusive) to {@code to} (exclusive). */
  public static double of(float[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return to > from ? sum / (to - from) : 0;
  }
}
