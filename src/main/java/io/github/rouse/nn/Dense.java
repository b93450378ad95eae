package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;

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
  public Step start() {
    return new Stateless(
        (in, out) -> {
          System.arraycopy(bias, 0, out, 0, bias.length);
          Kernels.addProduct(in, weights, 0, out);
        });
  }
}
