// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.List;

/**
 * RMSProp (Tieleman and Hinton 2012): {@code s = decay * s + (1 - decay) * g^2; w -= rate * g /
 * (sqrt(s) + epsilon)}.
 */
public final class RmsProp implements Optimiser {
  private static final float DECAY = 0.9f; // as in the lecture
  private static final float EPSILON = 1e-7f;

  private final List<Parameter> parameters;
  private final List<float[]> squares;

  public RmsProp(List<Parameter> parameters) {
    this.parameters = parameters;
    squares = Optimiser.zeros(parameters);
  }

  @Override
  public void step(double learningRate) {
    float rate = (float) learningRate;
    for (int k = 0; k < parameters.size(); k++) {
      float[] w = parameters.get(k).value();
      float[] g = parameters.get(k).gradient();
      float[] s = squares.get(k);
      for (int i = 0; i < w.length; i++) {
        s[i] = DECAY * s[i] + (1 - DECAY) * g[i] * g[i];
        w[i] -= rate * g[i] / ((float) Math.sqrt(s[i]) + EPSILON);
      }
    }
  }

  @Override
  public List<float[]> state() {
    return squares;
  }
}
