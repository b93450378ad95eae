// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import java.util.List;

/** Trains a {@link Dense} layer. */
public final class DenseGradient implements LayerGradient {
  private final Linear affine;
  private SequenceBatch in;
  private SequenceBatch out;
  private SequenceBatch inGradient;

  public DenseGradient(String name, int inputs, int outputs, WorkerPool workers) {
    affine = new Linear(name, inputs, outputs, workers);
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    out = SequenceBatch.sized(out, in.steps(), in.clips(), affine.bias.columns());
    affine.forward(in, out);
    return out;
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, outGradient, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(affine.weights, affine.bias);
  }

  @Override
  public Layer trained() {
    return new Dense(affine.weights.toRows(), affine.bias.value().clone());
  }
}
