// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;

/**
 * A fully connected layer, applied to each step: {@code y = x W + b}.
 *
 * @param weights [inputs][outputs]
 * @param bias [outputs]
 */
public record Dense(float[][] weights, float[] bias) implements Layer {
  /** Checks the shapes. */
  public Dense {
    Layer.checkShape("weights", weights, weights.length, bias.length);
  }

  /** Keeps only these outputs, in this order. */
  public Dense keeping(int... outputs) {
    float[][] kept = new float[weights.length][outputs.length];
    float[] keptBias = new float[outputs.length];
    for (int o = 0; o < outputs.length; o++) {
      for (int i = 0; i < weights.length; i++) {
        kept[i][o] = weights[i][outputs[o]];
      }
      keptBias[o] = bias[outputs[o]];
    }
    return new Dense(kept, keptBias);
  }

  @Override
  public int inputs() {
    return weights.length;
  }

  @Override
  public int outputs() {
    return bias.length;
  }

  @Override
  public long parameters() {
    return (weights.length + 1L) * bias.length;
  }

  @Override
  public Object[] parts() {
    return new Object[] {weights, bias};
  }

  @Override
  public Prepared prepare() {
    Weights prepared = Kernels.weights(weights);
    return new Stateless(
        (in, count, out) -> {
          for (int t = 0; t < count; t++) {
            System.arraycopy(bias, 0, out[t], 0, bias.length);
          }
          prepared.addProduct(in, out, count);
        });
  }
}
