// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Layer;
import java.util.List;

/** Trains an {@link Activation}. The derivatives are functions of the output. */
public final class ActivationGradient implements LayerGradient {
  private final Activation.Function function;
  private final int width;
  private final WorkerPool workers;
  private SequenceBatch out;

  public ActivationGradient(Activation.Function function, int width, WorkerPool workers) {
    this.function = function;
    this.width = width;
    this.workers = workers;
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    out = SequenceBatch.sized(out, in.steps(), in.clips(), in.width());
    workers.each(
        in.data().length,
        (part, from, to, product) -> {
          System.arraycopy(in.data(), from, out.data(), from, to - from);
          apply(out.data(), from, to);
        });
    return out;
  }

  private void apply(float[] v, int from, int to) {
    switch (function) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          v[i] = Math.max(v[i], 0f);
        }
      }
      case SIGMOID -> Kernels.sigmoid(v, from, to);
      case TANH -> Kernels.tanh(v, from, to);
    }
  }

  /** Overwrites {@code outGradient} with the input gradient. */
  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    if (!needed) {
      return null;
    }
    workers.each(
        out.data().length,
        (part, from, to, product) -> multiply(outGradient.data(), out.data(), from, to));
    return outGradient;
  }

  private void multiply(float[] d, float[] y, int from, int to) {
    switch (function) {
      case RELU -> {
        for (int i = from; i < to; i++) {
          d[i] *= Math.min(1f, y[i] * 0x1p126f); // 0 or 1, in a form that C2 vectorises
        }
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          d[i] *= y[i] * (1 - y[i]);
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          d[i] *= 1 - y[i] * y[i];
        }
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public Layer trained() {
    return new Activation(function, width);
  }
}
