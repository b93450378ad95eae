package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.List;

/** Changes parameters along their gradients. */
public interface Optimiser {
  /** One step; the gradients stay as they are. */
  void step(double learningRate);

  /** What it remembers between steps, in a fixed order; live, so that writing there restores it. */
  List<float[]> state();

  /** Zeros beside each parameter. */
  static List<float[]> zeros(List<Parameter> parameters) {
    return parameters.stream().map(p -> new float[p.value().length]).toList();
  }
}
