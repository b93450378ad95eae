package io.github.rouse.train;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Product;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.SimpleRnn;
import java.util.List;

/**
 * {@link SimpleRnn} in training: back-propagation through time, cut every {@code truncation} steps
 * if that is not zero.
 */
final class SimpleRnnGradient implements LayerGradient {
  private final int units;
  private final Affine affine; // x W + b
  private final Recurrence recurrence; // h_prev U + c
  private final Workers workers;

  private Steps in;
  private Steps out; // h
  private Steps sums; // the gradient by what went into tanh
  private Steps inGradient;

  SimpleRnnGradient(String name, int inputs, int units, int truncation, Workers workers) {
    this.units = units;
    this.workers = workers;
    affine = new Affine(name, inputs, units, workers);
    recurrence = new Recurrence(name, units, units, truncation, workers);
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    this.in = in;
    out = Steps.sized(out, in.steps(), in.clips(), units);
    affine.forward(in, out);
    recurrence.begin(in.clips());
    workers.each(in.clips(), (part, from, to, product) -> forward(from, to - from, product));
    return out;
  }

  private void forward(int clip, int count, Product product) {
    for (int t = 0; t < in.steps(); t++) {
      recurrence.add(out, out, t, clip, count, product);
      int row = t * in.clips() + clip;
      Kernels.tanh(out.data(), row * units, (row + count) * units);
    }
    recurrence.state.keep(out, clip, count);
  }

  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    sums = Steps.sized(sums, in.steps(), in.clips(), units);
    recurrence.beginBackward();
    workers.each(
        in.clips(), (part, from, to, product) -> backward(outGradient, from, to - from, product));
    recurrence.addGradients(out, sums);
    if (needed) {
      inGradient = Steps.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, sums, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  private void backward(Steps outGradient, int clip, int count, Product product) {
    float[] dh = new float[count * units]; // by the state, from the step after
    for (int t = in.steps() - 1; t >= 0; t--) {
      int at = (t * in.clips() + clip) * units;
      for (int i = 0; i < dh.length; i++) {
        float h = out.data()[at + i];
        sums.data()[at + i] = (dh[i] + outGradient.data()[at + i]) * (1 - h * h);
      }
      recurrence.back(sums, t, clip, dh, product);
    }
  }

  @Override
  public void carry(boolean[] kept) {
    recurrence.state.carry(kept);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(affine.weights, affine.bias, recurrence.weights, recurrence.bias);
  }

  @Override
  public Layer trained() {
    return new SimpleRnn(
        affine.weights.toRows(),
        recurrence.weights.toRows(),
        affine.bias.value().clone(),
        recurrence.bias.value().clone());
  }
}
