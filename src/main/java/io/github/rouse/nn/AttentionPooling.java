// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;

/**
 * Averages the steps of a whole clip into one, weighted by soft attention (Shan et al. 2018).
 *
 * <pre>
 *   score_t = tanh(x_t W + b) . v
 *   a = softmax of the scores over time
 *   y = sum over t of a_t x_t
 * </pre>
 *
 * @param weights W, [inputs][units]
 * @param bias b, [units]
 * @param context v, [units]
 */
public record AttentionPooling(float[][] weights, float[] bias, float[] context) implements Layer {
  /** Checks the shapes. */
  public AttentionPooling {
    Layer.checkShape("weights", weights, weights.length, bias.length);
    Layer.checkLength("context", context, bias.length);
  }

  @Override
  public int inputs() {
    return weights.length;
  }

  @Override
  public int outputs() {
    return weights.length;
  }

  @Override
  public long parameters() {
    return (weights.length + 2L) * bias.length;
  }

  @Override
  public Prepared prepare() {
    throw new IllegalArgumentException(
        "attention pooling weighs all steps of a clip, so it cannot run on a live stream; use it on"
            + " whole clips");
  }

  /** Pools a whole clip, [steps][inputs] to [1][inputs]; an empty clip gives no steps. */
  @Override
  public float[][] forward(float[][] in) {
    if (in.length == 0) {
      return new float[0][];
    }
    double[] attention = scores(in);
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : attention) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (int t = 0; t < in.length; t++) {
      attention[t] = Math.exp(attention[t] - largest);
      sum += attention[t];
    }
    float[] out = new float[inputs()];
    for (int t = 0; t < in.length; t++) {
      float share = (float) (attention[t] / sum);
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.fma(share, in[t][i], out[i]);
      }
    }
    return new float[][] {out};
  }

  private double[] scores(float[][] in) {
    float[][] hidden = new float[in.length][];
    for (int t = 0; t < in.length; t++) {
      hidden[t] = bias.clone();
    }
    Kernels.weights(weights).addProduct(in, hidden, in.length);
    double[] scores = new double[in.length];
    for (int t = 0; t < in.length; t++) {
      Kernels.tanh(hidden[t], 0, bias.length);
      for (int u = 0; u < bias.length; u++) {
        scores[t] += (double) hidden[t][u] * context[u];
      }
    }
    return scores;
  }
}
