// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

/**
 * Probabilities from logits: {@code exp(x) / sum(exp(x))}.
 *
 * @param outputs values per step
 */
public record Softmax(int outputs) implements Layer {
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

  private void apply(float[] logits, float[] out) {
    float largest = logits[0];
    for (int k = 1; k < outputs; k++) {
      largest = Math.max(largest, logits[k]);
    }
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      double value = Math.exp(logits[k] - largest);
      out[k] = (float) value;
      sum += value;
    }
    for (int k = 0; k < outputs; k++) {
      out[k] = (float) (out[k] / sum);
    }
  }
}
