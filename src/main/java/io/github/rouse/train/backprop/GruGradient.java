// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.PackedMatrix;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a {@link Gru} in all three conventions by back-propagation through time, truncated every
 * {@code truncation} steps unless that is zero.
 *
 * <p>The products with the input weights cover all steps at once; only the recurrent product
 * depends on the previous step. Names follow {@link Gru}'s formulas; a leading d means the
 * gradient.
 */
public final class GruGradient implements LayerGradient {
  private final Gru.Reset reset;
  private final int units;
  private final int gateWidth; // of z and r, or z alone
  private final Linear affine; // x W + b
  private final Parameter recurrentWeights; // U, [units][gates * units]
  private final Parameter recurrentBias; // c, [gates * units]
  private final RecurrentState state;
  private final WorkerPool workers;
  private final float[][] weightParts; // of U, [worker]
  private final float[][] biasParts; // of c, [worker]
  private PackedMatrix forward; // U; BEFORE: of the gates alone
  private PackedMatrix forwardCandidate;
  private PackedMatrix backwardGates; // their transposes
  private PackedMatrix backwardCandidate;

  private SequenceBatch in;
  private SequenceBatch gates; // activated z, r, candidate; then their gradients
  private SequenceBatch inner; // BEFORE: r * h_prev; AFTER, NONE: h_prev Uh + ch, then its gradient
  private SequenceBatch out; // h
  private SequenceBatch inGradient;

  public GruGradient(
      String name, Gru.Reset reset, int inputs, int units, int truncation, WorkerPool workers) {
    this.reset = reset;
    this.units = units;
    this.workers = workers;
    int width = reset.gates() * units;
    gateWidth = width - units;
    affine = new Linear(name, inputs, width, workers);
    recurrentWeights = new Parameter(name + ".recurrentWeights", units, width);
    recurrentBias = new Parameter(name + ".recurrentBias", 1, width);
    state = new RecurrentState(units, truncation);
    weightParts = new float[workers.count()][units * width];
    biasParts = new float[workers.count()][width];
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    gates = SequenceBatch.sized(gates, in.steps(), in.clips(), reset.gates() * units);
    inner = SequenceBatch.sized(inner, in.steps(), in.clips(), units);
    out = SequenceBatch.sized(out, in.steps(), in.clips(), units);
    state.begin(in.clips());
    affine.forward(in, gates);
    Matrix u = recurrentWeights.values();
    if (reset == Gru.Reset.BEFORE) {
      forward = Linear.packed(forward, u.columns(0, gateWidth));
      forwardCandidate = Linear.packed(forwardCandidate, u.columns(gateWidth, units));
    } else {
      forward = Linear.packed(forward, u);
    }
    workers.each(in.clips(), (part, from, to, product) -> forward(from, to - from, product));
    return out;
  }

  private void forward(int clip, int count, Gemm product) {
    GruCells cells = new GruCells(reset, count, units);
    int width = gates.width();
    float[] sums = new float[count * width]; // h_prev U + c; BEFORE: candidate's from r * h_prev
    Matrix hidden = Matrix.of(sums, count, width);
    Matrix first = hidden.columns(0, reset == Gru.Reset.BEFORE ? gateWidth : width);
    for (int t = 0; t < in.steps(); t++) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(recurrentBias.value(), 0, sums, i * width, width);
      }
      Matrix before = state.before(out, t, clip, count);
      Matrix gatesNow = gates.at(t, clip, count);
      Matrix innerNow = inner.at(t, clip, count);
      product.add(before, forward, first);
      cells.gates(gatesNow, hidden, before, innerNow);
      if (reset == Gru.Reset.BEFORE) {
        product.add(innerNow, forwardCandidate, hidden.columns(gateWidth, units));
      }
      cells.state(gatesNow, hidden, before, innerNow, out.at(t, clip, count));
    }
    state.keep(out, clip, count);
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    Matrix u = recurrentWeights.values();
    backwardGates = Linear.packed(backwardGates, u.columns(0, gateWidth).transposed());
    backwardCandidate = Linear.packed(backwardCandidate, u.columns(gateWidth, units).transposed());
    workers.each(
        in.clips(), (part, from, to, product) -> backward(outGradient, from, to - from, product));
    workers.each(in.rows(), this::addRecurrentGradient);
    Linear.gather(weightParts, recurrentWeights.gradient());
    Linear.gather(biasParts, recurrentBias.gradient());
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, gates, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  /** Back through time, last step first: gates become the gradients of their sums. */
  private void backward(SequenceBatch outGradient, int clip, int count, Gemm product) {
    GruCells cells = new GruCells(reset, count, units);
    Matrix dh = Matrix.of(cells.dh, count, units);
    float[] dInner = new float[count * units]; // BEFORE: gradient of r * h_prev
    for (int t = in.steps() - 1; t >= 0; t--) {
      Matrix before = state.before(out, t, clip, count);
      Matrix gatesNow = gates.at(t, clip, count);
      Matrix innerNow = inner.at(t, clip, count);
      cells.back(outGradient.at(t, clip, count), gatesNow, before, innerNow);
      if (reset == Gru.Reset.BEFORE) {
        Arrays.fill(dInner, 0f);
        Matrix dCandidate = gatesNow.columns(gateWidth, units);
        product.add(dCandidate, backwardCandidate, Matrix.of(dInner, count, units));
        cells.relevance(dInner, gatesNow, before);
      } else {
        product.add(innerNow, backwardCandidate, dh);
      }
      product.add(gatesNow.columns(0, gateWidth), backwardGates, dh);
      if (state.cutsBefore(t)) {
        cells.cut();
      }
    }
  }

  /**
   * The gradients of U and c, over the rows of all steps at once: a row's previous state is in the
   * row of the previous step.
   */
  private void addRecurrentGradient(int part, int from, int to, Gemm product) {
    Matrix weights = Matrix.of(weightParts[part], units, gates.width());
    int first = Math.min(to, in.clips()); // rows before this follow the initial state
    if (from < first) {
      addRecurrentGradient(state.before(out, 0, from, first - from), from, weights, product);
    }
    int rest = Math.max(from, first);
    if (rest < to) {
      addRecurrentGradient(out.rows(rest - in.clips(), to - rest), rest, weights, product);
    }
    Matrix dGates = gates.rows(from, to - from);
    Linear.addColumns(dGates.columns(0, gateWidth), biasParts[part], 0);
    Matrix dCandidate =
        reset == Gru.Reset.BEFORE ? dGates.columns(gateWidth, units) : inner.rows(from, to - from);
    Linear.addColumns(dCandidate, biasParts[part], gateWidth);
  }

  private void addRecurrentGradient(Matrix before, int row, Matrix weights, Gemm product) {
    Matrix all = gates.rows(row, before.rows());
    Matrix innerRows = inner.rows(row, before.rows());
    product.add(before.transposed(), all.columns(0, gateWidth), weights.columns(0, gateWidth));
    Matrix candidate = weights.columns(gateWidth, units);
    if (reset == Gru.Reset.BEFORE) { // inner is still r * h_prev
      product.add(innerRows.transposed(), all.columns(gateWidth, units), candidate);
    } else {
      product.add(before.transposed(), innerRows, candidate);
    }
  }

  @Override
  public void carry(boolean[] kept) {
    state.carry(kept);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(affine.weights, affine.bias, recurrentWeights, recurrentBias);
  }

  @Override
  public Layer trained() {
    return new Gru(
        reset,
        affine.weights.toRows(),
        recurrentWeights.toRows(),
        affine.bias.value().clone(),
        recurrentBias.value().clone());
  }
}
