package io.github.rouse.train;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.Packed;
import io.github.rouse.kernel.Product;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Gru} in training, all three conventions: back-propagation through time, cut every {@code
 * truncation} steps if that is not zero.
 *
 * <p>The products with the input weights run over all steps at once; only the recurrent product
 * waits for the step before. Names follow {@link Gru}'s formulas; a leading d is the gradient by
 * what follows.
 */
final class GruGradient implements LayerGradient {
  private final Gru.Reset reset;
  private final int units;
  private final int gateWidth; // of z and r, or z alone
  private final Affine affine; // x W + b
  private final Parameter recurrentWeights; // U, [units][gates * units]
  private final Parameter recurrentBias; // c, [gates * units]
  private final RecurrentState state;
  private final Workers workers;
  private final float[][] weightParts; // of U, per worker
  private final float[][] biasParts; // of c, per worker
  private Packed forwardGates; // U of the gates; of all where one product does
  private Packed forwardCandidate;
  private Packed backwardGates; // their transposes
  private Packed backwardCandidate;

  private Steps in;
  private Steps gates; // activated z, r, candidate; then their gradients
  private Steps inner; // AFTER, NONE: h_prev Uh + ch; BEFORE: r * h_prev; then its gradient
  private Steps out; // h
  private Steps inGradient;

  GruGradient(
      String name, Gru.Reset reset, int inputs, int units, int truncation, Workers workers) {
    this.reset = reset;
    this.units = units;
    this.workers = workers;
    int width = reset.gates() * units;
    gateWidth = width - units;
    affine = new Affine(name, inputs, width, workers);
    recurrentWeights = new Parameter(name + ".recurrentWeights", units, width);
    recurrentBias = new Parameter(name + ".recurrentBias", 1, width);
    state = new RecurrentState(units, truncation);
    weightParts = new float[workers.count()][units * width];
    biasParts = new float[workers.count()][width];
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    this.in = in;
    gates = Steps.sized(gates, in.steps(), in.clips(), reset.gates() * units);
    inner = Steps.sized(inner, in.steps(), in.clips(), units);
    out = Steps.sized(out, in.steps(), in.clips(), units);
    state.begin(in.clips());
    affine.forward(in, gates);
    Matrix u = recurrentWeights.values();
    forwardGates = Affine.packed(forwardGates, u.columns(0, gateWidth));
    forwardCandidate = Affine.packed(forwardCandidate, u.columns(gateWidth, units));
    workers.each(in.clips(), (part, from, to, product) -> forward(from, to, product));
    return out;
  }

  private void forward(int from, int to, Product product) {
    int count = to - from;
    int width = gates.width();
    float[] g = gates.data();
    float[] q = inner.data();
    float[] h = out.data();
    float[] c = recurrentBias.value();
    for (int t = 0; t < in.steps(); t++) {
      Matrix before = state.before(out, t, from, count);
      int row = t * in.clips() + from;
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < gateWidth; j++) {
          g[(row + i) * width + j] += c[j];
        }
      }
      product.add(before, forwardGates, gates.at(t, from, count).columns(0, gateWidth));
      for (int i = 0; i < count; i++) {
        int gi = (row + i) * width;
        int hi = (row + i) * units;
        Kernels.sigmoid(g, gi, gi + gateWidth);
        if (reset == Gru.Reset.BEFORE) {
          int bi = before.offset() + i * before.rowStride();
          for (int j = 0; j < units; j++) {
            q[hi + j] = g[gi + units + j] * before.data()[bi + j];
            g[gi + gateWidth + j] += c[gateWidth + j];
          }
        } else {
          System.arraycopy(c, gateWidth, q, hi, units);
        }
      }
      if (reset == Gru.Reset.BEFORE) {
        product.add(
            inner.at(t, from, count),
            forwardCandidate,
            gates.at(t, from, count).columns(gateWidth, units));
      } else {
        product.add(before, forwardCandidate, inner.at(t, from, count));
      }
      for (int i = 0; i < count; i++) {
        int gi = (row + i) * width;
        int ni = gi + gateWidth;
        int hi = (row + i) * units;
        int bi = before.offset() + i * before.rowStride();
        if (reset == Gru.Reset.AFTER) {
          for (int j = 0; j < units; j++) {
            g[ni + j] += g[gi + units + j] * q[hi + j];
          }
        } else if (reset == Gru.Reset.NONE) {
          for (int j = 0; j < units; j++) {
            g[ni + j] += q[hi + j];
          }
        }
        Kernels.tanh(g, ni, ni + units);
        for (int j = 0; j < units; j++) {
          float n = g[ni + j];
          h[hi + j] = Math.fma(g[gi + j], before.data()[bi + j] - n, n);
        }
      }
    }
    state.keep(out, from, count);
  }

  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    Matrix u = recurrentWeights.values();
    backwardGates = Affine.packed(backwardGates, u.columns(0, gateWidth).transposed());
    backwardCandidate = Affine.packed(backwardCandidate, u.columns(gateWidth, units).transposed());
    workers.each(in.clips(), (part, from, to, product) -> backward(outGradient, from, to, product));
    workers.each(in.rows(), this::addRecurrentGradient);
    Affine.gather(weightParts, recurrentWeights.gradient());
    Affine.gather(biasParts, recurrentBias.gradient());
    if (needed) {
      inGradient = Steps.sized(inGradient, in.steps(), in.clips(), in.width());
    }
    affine.backward(in, gates, needed ? inGradient : null);
    return needed ? inGradient : null;
  }

  /** Through time, last step first: gates become the gradients by what went into them. */
  private void backward(Steps outGradient, int from, int to, Product product) {
    int count = to - from;
    float[] dh = new float[count * units]; // by the state, from the step after
    Matrix dhRows = Matrix.of(dh, count, units);
    float[] dInner = new float[count * units]; // BEFORE: by r * h_prev
    Matrix dInnerRows = Matrix.of(dInner, count, units);
    for (int t = in.steps() - 1; t >= 0; t--) {
      Matrix before = state.before(out, t, from, count);
      Matrix dGates = gates.at(t, from, count).columns(0, gateWidth);
      if (reset == Gru.Reset.BEFORE) {
        beforeStep(outGradient, t, from, count, dh, before);
        Arrays.fill(dInner, 0f);
        Matrix dCandidate = gates.at(t, from, count).columns(gateWidth, units);
        product.add(dCandidate, backwardCandidate, dInnerRows);
        relevance(t, from, count, dh, dInner, before);
      } else {
        afterStep(outGradient, t, from, count, dh, before);
        product.add(inner.at(t, from, count), backwardCandidate, dhRows);
      }
      product.add(dGates, backwardGates, dhRows);
      if (state.cutsBefore(t)) {
        Arrays.fill(dh, 0f);
      }
    }
  }

  /**
   * By U and c, over rows of all steps at once: the states before them are the rows of the step
   * before.
   */
  private void addRecurrentGradient(int part, int from, int to, Product product) {
    Matrix weights = Matrix.of(weightParts[part], units, gates.width());
    int first = Math.min(to, in.clips()); // rows up to here follow the initial state
    if (from < first) {
      addRecurrentGradient(state.before(out, 0, from, first - from), from, weights, product);
    }
    int rest = Math.max(from, first);
    if (rest < to) {
      addRecurrentGradient(out.rows(rest - in.clips(), to - rest), rest, weights, product);
    }
    float[] sums = biasParts[part];
    float[] d = reset == Gru.Reset.BEFORE ? gates.data() : inner.data();
    int stride = reset == Gru.Reset.BEFORE ? gates.width() : units;
    int offset = reset == Gru.Reset.BEFORE ? gateWidth : 0;
    for (int row = from; row < to; row++) {
      for (int j = 0; j < gateWidth; j++) {
        sums[j] += gates.data()[row * gates.width() + j];
      }
      for (int j = 0; j < units; j++) {
        sums[gateWidth + j] += d[row * stride + offset + j];
      }
    }
  }

  private void addRecurrentGradient(Matrix before, int row, Matrix weights, Product product) {
    Matrix all = gates.rows(row, before.rows());
    Matrix innerRows = inner.rows(row, before.rows());
    product.add(before.transposed(), all.columns(0, gateWidth), weights.columns(0, gateWidth));
    Matrix candidate = weights.columns(gateWidth, units);
    if (reset == Gru.Reset.BEFORE) { // inner still is r * h_prev
      product.add(innerRows.transposed(), all.columns(gateWidth, units), candidate);
    } else {
      product.add(before.transposed(), innerRows, candidate);
    }
  }

  /**
   * AFTER and NONE: gates become their gradients, inner that by h_prev Uh + ch, dh what z lets by.
   */
  private void afterStep(Steps outGradient, int t, int from, int count, float[] dh, Matrix before) {
    float[] g = gates.data();
    float[] q = inner.data();
    for (int i = 0; i < count; i++) {
      int row = t * in.clips() + from + i;
      int zi = row * gates.width();
      int ni = zi + gateWidth;
      int hi = row * units;
      int bi = before.offset() + i * before.rowStride();
      for (int j = 0; j < units; j++) {
        float d = dh[i * units + j] + outGradient.data()[hi + j];
        float z = g[zi + j];
        float n = g[ni + j];
        float dn = d * (1 - z) * (1 - n * n);
        g[zi + j] = d * (before.data()[bi + j] - n) * z * (1 - z);
        g[ni + j] = dn;
        dh[i * units + j] = d * z;
        if (reset == Gru.Reset.AFTER) {
          float r = g[zi + units + j];
          g[zi + units + j] = dn * q[hi + j] * r * (1 - r);
          q[hi + j] = dn * r;
        } else {
          q[hi + j] = dn;
        }
      }
    }
  }

  /** BEFORE, first half: all but the relevance gate, which waits for the gradient by r * h_prev. */
  private void beforeStep(
      Steps outGradient, int t, int from, int count, float[] dh, Matrix before) {
    float[] g = gates.data();
    for (int i = 0; i < count; i++) {
      int row = t * in.clips() + from + i;
      int zi = row * gates.width();
      int ni = zi + gateWidth;
      int bi = before.offset() + i * before.rowStride();
      for (int j = 0; j < units; j++) {
        float d = dh[i * units + j] + outGradient.data()[row * units + j];
        float z = g[zi + j];
        float n = g[ni + j];
        g[zi + j] = d * (before.data()[bi + j] - n) * z * (1 - z);
        g[ni + j] = d * (1 - z) * (1 - n * n);
        dh[i * units + j] = d * z;
      }
    }
  }

  /** BEFORE, second half. */
  private void relevance(int t, int from, int count, float[] dh, float[] dInner, Matrix before) {
    float[] g = gates.data();
    for (int i = 0; i < count; i++) {
      int ri = (t * in.clips() + from + i) * gates.width() + units;
      int bi = before.offset() + i * before.rowStride();
      for (int j = 0; j < units; j++) {
        float r = g[ri + j];
        float d = dInner[i * units + j];
        g[ri + j] = d * before.data()[bi + j] * r * (1 - r);
        dh[i * units + j] += d * r;
      }
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
