// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.List;

/** Updates parameters from their gradients. */
public interface Optimiser {
  /** Makes one step; leaves the gradients unchanged. */
  void step(double learningRate);

  /** The live state between steps, in a fixed order; overwrite it to restore a checkpoint. */
  List<float[]> state();

  /** An array of zeros for each parameter. */
  static List<float[]> zeros(List<Parameter> parameters) {
    return parameters.stream().map(p -> new float[p.value().length]).toList();
  }
}
