// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/** Trains {@link AttentionPooling}; the output has one step. */
public final class AttentionPoolingGradient implements LayerGradient {
  private final Linear affine; // x W + b
  private final Parameter context; // v, [units]
  private final float[][] contextParts; // [worker][units]
  private final WorkerPool workers;

  private SequenceBatch in;
  private SequenceBatch hidden; // tanh(x W + b), [steps][clips][units]; then its gradient
  private SequenceBatch attention; // [steps][clips][1]
  private SequenceBatch out; // [1][clips][inputs]
  private SequenceBatch inGradient;

  public AttentionPoolingGradient(String name, int inputs, int units, WorkerPool workers) {
    affine = new Linear(name, inputs, units, workers);
    context = new Parameter(name + ".context", 1, units);
    contextParts = new float[workers.count()][units];
    this.workers = workers;
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    hidden = SequenceBatch.sized(hidden, in.steps(), in.clips(), context.columns());
    attention = SequenceBatch.sized(attention, in.steps(), in.clips(), 1);
    out = SequenceBatch.sized(out, 1, in.clips(), in.width());
    affine.forward(in, hidden);
    workers.each(
        in.rows(),
        (part, from, to, product) ->
            Kernels.tanh(hidden.data(), from * hidden.width(), to * hidden.width()));
    workers.each(
        in.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            attend(clip);
            pool(clip);
          }
        });
    return out;
  }

  /** Softmax over time of a clip's scores. */
  private void attend(int clip) {
    double[] scores = new double[in.steps()];
    double largest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < scores.length; t++) {
      int at = (t * in.clips() + clip) * hidden.width();
      for (int u = 0; u < hidden.width(); u++) {
        scores[t] += (double) hidden.data()[at + u] * context.value()[u];
      }
      largest = Math.max(largest, scores[t]);
    }
    double sum = 0;
    for (int t = 0; t < scores.length; t++) {
      scores[t] = Math.exp(scores[t] - largest);
      sum += scores[t];
    }
    for (int t = 0; t < scores.length; t++) {
      attention.data()[t * in.clips() + clip] = (float) (scores[t] / sum);
    }
  }

  private void pool(int clip) {
    int width = in.width();
    Arrays.fill(out.data(), clip * width, (clip + 1) * width, 0f);
    for (int t = 0; t < in.steps(); t++) {
      int row = t * in.clips() + clip;
      float share = attention.data()[row];
      for (int i = 0; i < width; i++) {
        int to = clip * width + i;
        out.data()[to] = Math.fma(share, in.data()[row * width + i], out.data()[to]);
      }
    }
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    workers.each(
        in.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            backward(outGradient, clip, contextParts[part]);
          }
        });
    Linear.gather(contextParts, context.gradient());
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, hidden, needed ? inGradient : null);
    if (!needed) {
      return null;
    }
    workers.each(in.rows(), (part, from, to, product) -> addShares(outGradient, from, to));
    return inGradient;
  }

  /** Back through softmax and scores: replaces hidden by the gradient of x W + b. */
  private void backward(SequenceBatch outGradient, int clip, float[] byContext) {
    int units = hidden.width();
    double[] byAttention = new double[in.steps()];
    double mean = 0;
    for (int t = 0; t < byAttention.length; t++) {
      int row = t * in.clips() + clip;
      for (int i = 0; i < in.width(); i++) {
        float d = outGradient.data()[clip * in.width() + i];
        byAttention[t] += (double) d * in.data()[row * in.width() + i];
      }
      mean += attention.data()[row] * byAttention[t];
    }
    for (int t = 0; t < byAttention.length; t++) {
      int row = t * in.clips() + clip;
      float byScore = (float) (attention.data()[row] * (byAttention[t] - mean));
      for (int u = 0; u < units; u++) {
        float h = hidden.data()[row * units + u];
        byContext[u] += byScore * h;
        hidden.data()[row * units + u] = byScore * context.value()[u] * (1 - h * h);
      }
    }
  }

  /** The direct path: the output gradient, weighted by each step's attention. */
  private void addShares(SequenceBatch outGradient, int from, int to) {
    int width = in.width();
    for (int row = from; row < to; row++) {
      int clip = row % in.clips();
      for (int i = 0; i < width; i++) {
        float d = outGradient.data()[clip * width + i];
        inGradient.data()[row * width + i] += attention.data()[row] * d;
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(affine.weights, affine.bias, context);
  }

  @Override
  public Layer trained() {
    return new AttentionPooling(
        affine.weights.toRows(), affine.bias.value().clone(), context.value().clone());
  }
}
