// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

/**
 * Normalises the values of each step to mean 0 and variance 1, then scales and shifts them.
 *
 * @param scale [values]
 * @param shift [values]
 * @param epsilon added to the variance
 */
public record LayerNorm(float[] scale, float[] shift, float epsilon) implements Layer {
  /** Checks the sizes. */
  public LayerNorm {
    Layer.checkLength("shift", shift, scale.length);
    if (!(epsilon > 0 && Float.isFinite(epsilon))) {
      throw new IllegalArgumentException("epsilon=" + epsilon + ", expected more than 0");
    }
  }

  @Override
  public int inputs() {
    return scale.length;
  }

  @Override
  public int outputs() {
    return scale.length;
  }

  @Override
  public long parameters() {
    return 2L * scale.length;
  }

  @Override
  public Object[] parts() {
    return new Object[] {scale, shift, epsilon};
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
    double sum = 0;
    for (int i = 0; i < scale.length; i++) {
      sum += in[i];
    }
    double mean = sum / scale.length;
    double squares = 0;
    for (int i = 0; i < scale.length; i++) {
      squares += (in[i] - mean) * (in[i] - mean);
    }
    double factor = 1 / Math.sqrt(squares / scale.length + epsilon);
    for (int i = 0; i < scale.length; i++) {
      out[i] = (float) ((in[i] - mean) * factor * scale[i] + shift[i]);
    }
  }
}
