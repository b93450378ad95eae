// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;

/**
 * An element-wise nonlinearity as a layer.
 *
 * @param function which one
 * @param outputs values per step
 */
public record Activation(Function function, int outputs) implements Layer {
  /** The nonlinearities that layers may use. */
  public enum Function {
    /** max(x, 0). */
    RELU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** The hyperbolic tangent. */
    TANH;

    void apply(float[] v) {
      switch (this) {
        case RELU -> {
          for (int i = 0; i < v.length; i++) {
            v[i] = Math.max(v[i], 0f);
          }
        }
        case SIGMOID -> Kernels.sigmoid(v, 0, v.length);
        case TANH -> Kernels.tanh(v, 0, v.length);
      }
    }
  }

  @Override
  public int inputs() {
    return outputs;
  }

  @Override
  public long parameters() {
    return 0;
  }

  @Override
  public Object[] parts() {
    return new Object[] {function, outputs};
  }

  @Override
  public Prepared prepare() {
    return new Stateless(
        (in, count, out) -> {
          for (int t = 0; t < count; t++) {
            System.arraycopy(in[t], 0, out[t], 0, outputs);
            function.apply(out[t]);
          }
        });
  }

  /**
   * A leaky rectifier with a floor: {@code max(x, slope * x, floor)}.
   *
   * @param slope below zero, 0 to 1
   * @param floor the least value; minus infinity for none
   * @param outputs values per step
   */
  public record Leaky(float slope, float floor, int outputs) implements Layer {
    /** Checks the values. */
    public Leaky {
      if (!(slope >= 0 && slope <= 1) || !(floor <= 0)) {
        throw new IllegalArgumentException(
            "slope=" + slope + " floor=" + floor + ", expected 0 to 1, and at most 0");
      }
    }

    @Override
    public int inputs() {
      return outputs;
    }

    @Override
    public long parameters() {
      return 0;
    }

    @Override
    public Prepared prepare() {
      return new Stateless(
          (in, count, out) -> {
            for (int t = 0; t < count; t++) {
              apply(in[t], out[t]);
            }
          });
    }

    private void apply(float[] in, float[] out) {
      for (int i = 0; i < outputs; i++) {
        out[i] = Math.max(Math.max(in[i], slope * in[i]), floor);
      }
    }
  }
}
