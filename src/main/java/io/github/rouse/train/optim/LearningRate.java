// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

/**
 * A learning-rate schedule: linear warm-up, then cosine decay (Loshchilov and Hutter 2017).
 *
 * @param peak rate at the end of the warm-up
 * @param warmUp steps of warm-up; 0 to start at the peak
 * @param steps of the whole training run
 * @param floor rate from the last step on
 */
public record LearningRate(double peak, int warmUp, int steps, double floor) {
  public LearningRate {
    if (warmUp < 0 || warmUp >= steps) {
      throw new IllegalArgumentException("warmUp=" + warmUp + ", expected 0 to below " + steps);
    }
    if (!(floor >= 0 && floor <= peak)) {
      throw new IllegalArgumentException("floor=" + floor + ", expected 0 to " + peak);
    }
  }

  /** The rate for a step, counted from 0. */
  public double at(int step) {
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    double done = Math.min(1, (double) (step - warmUp) / Math.max(1, steps - 1 - warmUp));
    return floor + (peak - floor) * (1 + Math.cos(Math.PI * done)) / 2;
  }
}
