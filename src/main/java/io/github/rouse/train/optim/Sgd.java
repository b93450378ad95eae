// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.List;

/**
 * Gradient descent with momentum (Polyak 1964): {@code v = momentum * v + g; w -= rate * v}; plain
 * gradient descent if the momentum is 0.
 */
public final class Sgd implements Optimiser {
  private final List<Parameter> parameters;
  private final float momentum;
  private final List<float[]> velocities;

  public Sgd(List<Parameter> parameters, double momentum) {
    this.parameters = parameters;
    this.momentum = (float) momentum;
    velocities = Optimiser.zeros(parameters);
  }

  @Override
  public void step(double learningRate) {
    float rate = (float) learningRate;
    for (int k = 0; k < parameters.size(); k++) {
      float[] w = parameters.get(k).value();
      float[] g = parameters.get(k).gradient();
      float[] v = velocities.get(k);
      for (int i = 0; i < w.length; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * v[i];
      }
    }
  }

  @Override
  public List<float[]> state() {
    return velocities;
  }
}
