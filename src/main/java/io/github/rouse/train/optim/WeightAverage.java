// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import java.util.List;

/**
 * An exponential moving average of the weights and statistics, which often performs better than the
 * last values (Polyak and Juditsky 1992). The decay starts small, so that the average soon forgets
 * the random initial weights.
 */
public final class WeightAverage {
  private final List<float[]> values;
  private final double decay; // per update, in the long run
  private final List<float[]> averages;

  /**
   * Starts from the current values.
   *
   * @param values live
   */
  public WeightAverage(List<float[]> values, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay=" + decay + ", expected 0 to below 1");
    }
    this.values = values;
    this.decay = decay;
    averages = values.stream().map(float[]::clone).toList();
  }

  /**
   * Adds the values after a step.
   *
   * @param step counted from 0
   */
  public void update(long step) {
    float share = (float) (1 - Math.min(decay, (1.0 + step) / (10.0 + step)));
    for (int k = 0; k < averages.size(); k++) {
      float[] average = averages.get(k);
      float[] value = values.get(k);
      for (int i = 0; i < average.length; i++) {
        average[i] += share * (value[i] - average[i]);
      }
    }
  }

  /** Swaps values and averages: once to evaluate or save the averages, again to continue. */
  public void swap() {
    for (int k = 0; k < averages.size(); k++) {
      float[] average = averages.get(k);
      float[] value = values.get(k);
      for (int i = 0; i < average.length; i++) {
        float kept = value[i];
        value[i] = average[i];
        average[i] = kept;
      }
    }
  }

  /** The live averages, in the values' order; overwrite them to restore a checkpoint. */
  public List<float[]> state() {
    return averages;
  }
}
