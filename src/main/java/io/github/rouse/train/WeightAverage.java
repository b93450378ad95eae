package io.github.rouse.train;

import java.util.List;

/**
 * An exponential moving average of the weights over training, which often does better than the last
 * weights (Polyak and Juditsky 1992).
 */
final class WeightAverage {
  private final List<Parameter> parameters;
  private final double decay; // of the old in the average
  private final List<float[]> averages;

  /** Starts from the weights of now. */
  WeightAverage(List<Parameter> parameters, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay=" + decay + ", expected 0 to below 1");
    }
    this.parameters = parameters;
    this.decay = decay;
    averages = parameters.stream().map(p -> p.value().clone()).toList();
  }

  /** Takes in the weights after a step. */
  void update() {
    float share = (float) (1 - decay);
    for (int k = 0; k < averages.size(); k++) {
      float[] average = averages.get(k);
      float[] value = parameters.get(k).value();
      for (int i = 0; i < average.length; i++) {
        average[i] += share * (value[i] - average[i]);
      }
    }
  }

  /** Exchanges weights and averages: once to evaluate or save the averages, once more to go on. */
  void swap() {
    for (int k = 0; k < averages.size(); k++) {
      float[] average = averages.get(k);
      float[] value = parameters.get(k).value();
      for (int i = 0; i < average.length; i++) {
        float kept = value[i];
        value[i] = average[i];
        average[i] = kept;
      }
    }
  }

  /** The averages, in the parameters' order; live, so that writing there restores them. */
  List<float[]> state() {
    return averages;
  }
}
