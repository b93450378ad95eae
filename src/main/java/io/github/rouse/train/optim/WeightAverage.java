package io.github.rouse.train.optim;

import java.util.List;

/**
 * An exponential moving average of the weights and statistics over training, which often does
 * better than the last ones (Polyak and Juditsky 1992). At first it forgets faster, so that little
 * is left of the random beginning.
 */
public final class WeightAverage {
  private final List<float[]> values;
  private final double decay; // of the old in the average, in the long run
  private final List<float[]> averages;

  /**
   * Starts from the values of now.
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
   * Takes in the values after a step.
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

  /** Exchanges values and averages: once to evaluate or save the averages, once more to go on. */
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

  /** The averages, in the values' order; live, so that writing there restores them. */
  public List<float[]> state() {
    return averages;
  }
}
