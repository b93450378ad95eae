// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.nn.Gru;
import java.util.Arrays;

/**
 * The element-wise part of a GRU step for some clips, forward and backward, for {@link
 * GruGradient}. Each gate has a separate array, because C2 vectorises only loops whose arrays share
 * an index. Each array is [clips][units].
 */
final class GruCells {
  private final Gru.Reset reset;
  private final int clips;
  private final int units;
  private final float[] z;
  private final float[] r;
  private final float[] n; // candidate
  private final float[] h; // the state; before the step at first
  private final float[] q; // inner of GruGradient
  private final float[] fromHidden; // the previous state's share of a gate's sums
  final float[] dh; // gradient of the state, from the next step
  private final float[] d; // gradient of the state, from the layer above

  GruCells(Gru.Reset reset, int clips, int units) {
    this.reset = reset;
    this.clips = clips;
    this.units = units;
    z = new float[clips * units];
    r = new float[clips * units];
    n = new float[clips * units];
    h = new float[clips * units];
    q = new float[clips * units];
    fromHidden = new float[clips * units];
    dh = new float[clips * units];
    d = new float[clips * units];
  }

  /** Turns the sums of z and r into gates. BEFORE: inner becomes r * h_prev. */
  void gates(Matrix gates, Matrix hidden, Matrix before, Matrix inner) {
    gate(gates, hidden, 0, z);
    if (reset != Gru.Reset.NONE) {
      gate(gates, hidden, units, r);
    }
    if (reset == Gru.Reset.BEFORE) {
      load(before, 0, h);
      for (int i = 0; i < q.length; i++) {
        q[i] = r[i] * h[i];
      }
      store(q, inner, 0);
    }
  }

  private void gate(Matrix gates, Matrix hidden, int column, float[] gate) {
    load(gates, column, gate);
    load(hidden, column, fromHidden);
    for (int i = 0; i < gate.length; i++) {
      gate[i] += fromHidden[i];
    }
    Kernels.sigmoid(gate, 0, gate.length);
    store(gate, gates, column);
  }

  /** Computes the candidate and the new state; call after {@link #gates}. */
  void state(Matrix gates, Matrix hidden, Matrix before, Matrix inner, Matrix out) {
    int column = (reset.gates() - 1) * units;
    load(gates, column, n);
    load(hidden, column, q);
    load(before, 0, h);
    if (reset == Gru.Reset.AFTER) {
      store(q, inner, 0);
      for (int i = 0; i < n.length; i++) {
        n[i] += r[i] * q[i];
      }
    } else {
      for (int i = 0; i < n.length; i++) {
        n[i] += q[i];
      }
    }
    Kernels.tanh(n, 0, n.length);
    for (int i = 0; i < n.length; i++) {
      h[i] = Math.fma(z[i], h[i] - n[i], n[i]);
    }
    store(n, gates, column);
    store(h, out, 0);
  }

  /**
   * Back through the state: gates become their gradients, dh the part that passes through z. AFTER
   * and NONE: inner becomes the gradient of h_prev Uh + ch. BEFORE: r stays unchanged.
   */
  void back(Matrix outGradient, Matrix gates, Matrix before, Matrix inner) {
    int column = (reset.gates() - 1) * units;
    load(outGradient, 0, d);
    load(gates, 0, z);
    load(gates, column, n);
    load(before, 0, h);
    throughState();
    store(z, gates, 0);
    store(n, gates, column);
    if (reset == Gru.Reset.AFTER) {
      load(gates, units, r);
      load(inner, 0, q);
      for (int i = 0; i < r.length; i++) {
        float relevance = r[i];
        r[i] = n[i] * q[i] * relevance * (1 - relevance);
        q[i] = n[i] * relevance;
      }
      store(r, gates, units);
      store(q, inner, 0);
    } else if (reset == Gru.Reset.NONE) {
      store(n, inner, 0);
    }
  }

  private void throughState() {
    for (int i = 0; i < z.length; i++) {
      float sum = dh[i] + d[i];
      float keep = z[i];
      float candidate = n[i];
      z[i] = sum * (h[i] - candidate) * keep * (1 - keep);
      n[i] = sum * (1 - keep) * (1 - candidate * candidate);
      dh[i] = sum * keep;
    }
  }

  /** BEFORE: back through r * h_prev, whose gradient is {@code dInner}. */
  void relevance(float[] dInner, Matrix gates, Matrix before) {
    load(gates, units, r);
    load(before, 0, h);
    for (int i = 0; i < r.length; i++) {
      dh[i] += dInner[i] * r[i];
      r[i] = dInner[i] * h[i] * r[i] * (1 - r[i]);
    }
    store(r, gates, units);
  }

  /** Clears the gradient from the next step. */
  void cut() {
    Arrays.fill(dh, 0f);
  }

  private void load(Matrix from, int column, float[] to) {
    for (int i = 0; i < clips; i++) {
      int at = from.offset() + i * from.rowStride() + column;
      System.arraycopy(from.data(), at, to, i * units, units);
    }
  }

  private void store(float[] from, Matrix to, int column) {
    for (int i = 0; i < clips; i++) {
      int at = to.offset() + i * to.rowStride() + column;
      System.arraycopy(from, i * units, to.data(), at, units);
    }
  }
}
