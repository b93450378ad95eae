// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.SimpleRnn;
import java.util.List;

/**
 * Trains a {@link SimpleRnn} by back-propagation through time, truncated every {@code truncation}
 * steps unless that is zero.
 */
public final class SimpleRnnGradient implements LayerGradient {
  private final int units;
  private final Linear affine; // x W + b
  private final RecurrentProjection recurrence; // h_prev U + c
  private final WorkerPool workers;

  private SequenceBatch in;
  private SequenceBatch out; // h
  private SequenceBatch sums; // the gradient of the inputs of tanh
  private SequenceBatch inGradient;

  public SimpleRnnGradient(String name, int inputs, int units, int truncation, WorkerPool workers) {
    this.units = units;
    this.workers = workers;
    affine = new Linear(name, inputs, units, workers);
    recurrence = new RecurrentProjection(name, units, units, truncation, workers);
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    out = SequenceBatch.sized(out, in.steps(), in.clips(), units);
    affine.forward(in, out);
    recurrence.begin(in.clips());
    workers.each(in.clips(), (part, from, to, product) -> forward(from, to - from, product));
    return out;
  }

  private void forward(int clip, int count, Gemm product) {
    for (int t = 0; t < in.steps(); t++) {
      recurrence.add(out, out, t, clip, count, product);
      int row = t * in.clips() + clip;
      Kernels.tanh(out.data(), row * units, (row + count) * units);
    }
    recurrence.state.keep(out, clip, count);
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    sums = SequenceBatch.sized(sums, in.steps(), in.clips(), units);
    recurrence.beginBackward();
    workers.each(
        in.clips(), (part, from, to, product) -> backward(outGradient, from, to - from, product));
    recurrence.addGradients(out, sums);
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, sums, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  private void backward(SequenceBatch outGradient, int clip, int count, Gemm product) {
    float[] dh = new float[count * units]; // gradient of the state, from the next step
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
