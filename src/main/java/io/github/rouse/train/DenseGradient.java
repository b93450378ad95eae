package io.github.rouse.train;

import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import java.util.List;

/** {@link Dense} in training. */
final class DenseGradient implements LayerGradient {
  private final Affine affine;
  private Steps in;
  private Steps out;
  private Steps inGradient;

  DenseGradient(String name, int inputs, int outputs, Workers workers) {
    affine = new Affine(name, inputs, outputs, workers);
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    this.in = in;
    out = Steps.sized(out, in.steps(), in.clips(), affine.bias.columns());
    affine.forward(in, out);
    return out;
  }

  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    if (needed) {
      inGradient = Steps.sized(inGradient, in.steps(), in.clips(), in.width());
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
