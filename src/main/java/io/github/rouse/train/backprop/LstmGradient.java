// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trains an {@link Lstm}, with or without peepholes, by back-propagation through time, truncated
 * every {@code truncation} steps unless that is zero. Names follow {@link Lstm}'s formulas.
 */
public final class LstmGradient implements LayerGradient {
  private final int units;
  private final Linear affine; // x W + b
  private final RecurrentProjection recurrence; // h_prev U + c
  private final RecurrentState cellState;
  private final Parameter peepholes; // P, [3 * units] in the order i, o, f; null for none
  private final float[][] peepholeParts; // [worker][3 * units]
  private final WorkerPool workers;

  private SequenceBatch in;
  private SequenceBatch gates; // activated i, o, f, c; then their gradients
  private SequenceBatch cells; // C
  private SequenceBatch squashed; // tanh(C)
  private SequenceBatch out; // h
  private SequenceBatch inGradient;

  public LstmGradient(
      String name, int inputs, int units, boolean peepholes, int truncation, WorkerPool workers) {
    this.units = units;
    this.workers = workers;
    affine = new Linear(name, inputs, 4 * units, workers);
    recurrence = new RecurrentProjection(name, units, 4 * units, truncation, workers);
    cellState = new RecurrentState(units, truncation);
    this.peepholes = peepholes ? new Parameter(name + ".peepholes", 1, 3 * units) : null;
    peepholeParts = new float[workers.count()][peepholes ? 3 * units : 0];
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    gates = SequenceBatch.sized(gates, in.steps(), in.clips(), 4 * units);
    cells = SequenceBatch.sized(cells, in.steps(), in.clips(), units);
    squashed = SequenceBatch.sized(squashed, in.steps(), in.clips(), units);
    out = SequenceBatch.sized(out, in.steps(), in.clips(), units);
    affine.forward(in, gates);
    recurrence.begin(in.clips());
    cellState.begin(in.clips());
    workers.each(in.clips(), (part, from, to, product) -> forward(from, to - from, product));
    return out;
  }

  private void forward(int clip, int count, Gemm product) {
    for (int t = 0; t < in.steps(); t++) {
      recurrence.add(out, gates, t, clip, count, product);
      Matrix before = cellState.before(cells, t, clip, count);
      int row = t * in.clips() + clip;
      for (int i = 0; i < count; i++) {
        step((row + i) * units, before.data(), before.offset() + i * units);
      }
    }
    recurrence.state.keep(out, clip, count);
    cellState.keep(cells, clip, count);
  }

  /**
   * One clip at one step.
   *
   * @param at index in cells, squashed and out; four times that in gates
   * @param before cells of the previous step, from {@code from}
   */
  private void step(int at, float[] before, int from) {
    float[] g = gates.data();
    int i = 4 * at;
    int o = i + units;
    int f = o + units;
    int c = f + units;
    if (peepholes != null) {
      addPeephole(0, g, i, before, from);
      addPeephole(2 * units, g, f, before, from);
    }
    Kernels.sigmoid(g, i, o);
    Kernels.sigmoid(g, f, c);
    Kernels.tanh(g, c, c + units);
    float[] cell = cells.data();
    for (int u = 0; u < units; u++) {
      cell[at + u] = g[f + u] * before[from + u] + g[i + u] * g[c + u];
    }
    if (peepholes != null) {
      addPeephole(units, g, o, cell, at);
    }
    Kernels.sigmoid(g, o, f);
    float[] s = squashed.data();
    System.arraycopy(cell, at, s, at, units);
    Kernels.tanh(s, at, at + units);
    for (int u = 0; u < units; u++) {
      out.data()[at + u] = g[o + u] * s[at + u];
    }
  }

  private void addPeephole(int gate, float[] g, int at, float[] cell, int from) {
    for (int u = 0; u < units; u++) {
      g[at + u] += peepholes.value()[gate + u] * cell[from + u];
    }
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    recurrence.beginBackward();
    workers.each(
        in.clips(),
        (part, from, to, product) -> backward(outGradient, from, to - from, part, product));
    recurrence.addGradients(out, gates);
    if (peepholes != null) {
      Linear.gather(peepholeParts, peepholes.gradient());
    }
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, gates, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  private void backward(SequenceBatch outGradient, int clip, int count, int part, Gemm product) {
    float[] dh = new float[count * units]; // gradient of the state, from the next step
    float[] dCell = new float[count * units]; // gradient of the cell, likewise
    for (int t = in.steps() - 1; t >= 0; t--) {
      Matrix before = cellState.before(cells, t, clip, count);
      int row = t * in.clips() + clip;
      for (int i = 0; i < dh.length; i++) {
        dh[i] += outGradient.data()[row * units + i];
      }
      for (int i = 0; i < count; i++) {
        int from = before.offset() + i * units;
        stepBack((row + i) * units, before.data(), from, dh, dCell, i * units, part);
      }
      recurrence.back(gates, t, clip, dh, product);
      if (cellState.cutsBefore(t)) {
        Arrays.fill(dCell, 0f);
      }
    }
  }

  /**
   * Back through one clip at one step: gates become the gradients of their sums, {@code dCell} that
   * of the previous cell.
   *
   * @param d the clip's index in {@code dh} and {@code dCell}
   */
  private void stepBack(
      int at, float[] before, int from, float[] dh, float[] dCell, int d, int part) {
    float[] g = gates.data();
    int i = 4 * at;
    int o = i + units;
    int f = o + units;
    int c = f + units;
    for (int u = 0; u < units; u++) {
      float in = g[i + u];
      float open = g[o + u];
      float keep = g[f + u];
      float candidate = g[c + u];
      float s = squashed.data()[at + u];
      float dOpen = dh[d + u] * s * open * (1 - open);
      float byCell = dCell[d + u] + dh[d + u] * open * (1 - s * s);
      if (peepholes != null) {
        byCell += dOpen * peepholes.value()[units + u];
      }
      g[i + u] = byCell * candidate * in * (1 - in);
      g[o + u] = dOpen;
      g[f + u] = byCell * before[from + u] * keep * (1 - keep);
      g[c + u] = byCell * in * (1 - candidate * candidate);
      dCell[d + u] = byCell * keep;
    }
    if (peepholes != null) {
      float[] p = peepholes.value();
      float[] dp = peepholeParts[part];
      for (int u = 0; u < units; u++) {
        dCell[d + u] += g[i + u] * p[u] + g[f + u] * p[2 * units + u];
        dp[u] += g[i + u] * before[from + u];
        dp[units + u] += g[o + u] * cells.data()[at + u];
        dp[2 * units + u] += g[f + u] * before[from + u];
      }
    }
  }

  @Override
  public void carry(boolean[] kept) {
    recurrence.state.carry(kept);
    cellState.carry(kept);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.addAll(List.of(affine.weights, affine.bias, recurrence.weights, recurrence.bias));
    if (peepholes != null) {
      all.add(peepholes);
    }
    return all;
  }

  @Override
  public Layer trained() {
    return new Lstm(
        affine.weights.toRows(),
        recurrence.weights.toRows(),
        affine.bias.value().clone(),
        recurrence.bias.value().clone(),
        peepholes == null ? new float[0] : peepholes.value().clone());
  }
}
