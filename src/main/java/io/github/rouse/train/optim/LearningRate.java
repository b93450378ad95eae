package io.github.rouse.train.optim;

/**
 * A learning rate over the steps of training: a straight climb, then half a cosine down (Loshchilov
 * and Hutter 2017).
 *
 * @param peak reached at the end of the climb
 * @param warmUp steps of climbing; 0 to start at the peak
 * @param steps of the whole training
 * @param floor reached at the last step and kept after it
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
