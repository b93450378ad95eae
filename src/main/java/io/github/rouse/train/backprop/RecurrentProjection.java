// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.PackedMatrix;
import java.util.Arrays;

/**
 * {@code h_prev U + c}, the part of a recurrent layer that depends on the previous step, and its
 * gradient.
 */
final class RecurrentProjection {
  final Parameter weights; // U, [units][width]
  final Parameter bias; // c, [width]
  final RecurrentState state;
  private final WorkerPool workers;
  private final float[][] weightParts; // [worker][units * width]
  private final float[][] biasParts; // [worker][width]
  private PackedMatrix forward; // U
  private PackedMatrix backward; // U transposed

  RecurrentProjection(String name, int units, int width, int truncation, WorkerPool workers) {
    weights = new Parameter(name + ".recurrentWeights", units, width);
    bias = new Parameter(name + ".recurrentBias", 1, width);
    state = new RecurrentState(units, truncation);
    this.workers = workers;
    weightParts = new float[workers.count()][units * width];
    biasParts = new float[workers.count()][width];
  }

  /** Prepares a forward pass. */
  void begin(int clips) {
    state.begin(clips);
    forward = Linear.packed(forward, weights.values());
  }

  /** Adds {@code h_prev U + c} to some clips' sums at a step. */
  void add(SequenceBatch out, SequenceBatch sums, int step, int clip, int count, Gemm product) {
    int width = bias.columns();
    float[] c = bias.value();
    int at = (step * sums.clips() + clip) * width;
    for (int i = 0; i < count; i++, at += width) {
      for (int j = 0; j < width; j++) {
        sums.data()[at + j] += c[j];
      }
    }
    product.add(state.before(out, step, clip, count), forward, sums.at(step, clip, count));
  }

  /** Prepares a backward pass. */
  void beginBackward() {
    backward = Linear.packed(backward, weights.values().transposed());
  }

  /** The gradient of the previous state through a step's sums; zero at truncation points. */
  void back(SequenceBatch sumGradient, int step, int clip, float[] dh, Gemm product) {
    Arrays.fill(dh, 0f);
    if (!state.cutsBefore(step)) {
      int count = dh.length / weights.rows();
      Matrix rows = Matrix.of(dh, count, weights.rows());
      product.add(sumGradient.at(step, clip, count), backward, rows);
    }
  }

  /** Adds the gradients of U and c, over the rows of all steps at once. */
  void addGradients(SequenceBatch out, SequenceBatch sumGradient) {
    workers.each(
        out.rows(),
        (part, from, to, product) -> {
          Matrix sums = Matrix.of(weightParts[part], weights.rows(), weights.columns());
          int clips = out.clips();
          int first = Math.min(to, clips); // rows before this follow the initial state
          if (from < first) {
            Matrix before = state.before(out, 0, from, first - from);
            product.add(before.transposed(), sumGradient.rows(from, first - from), sums);
          }
          int rest = Math.max(from, first);
          if (rest < to) { // previous states are the rows of the previous step
            Matrix before = out.rows(rest - clips, to - rest);
            product.add(before.transposed(), sumGradient.rows(rest, to - rest), sums);
          }
          Linear.addColumns(sumGradient.rows(from, to - from), biasParts[part], 0);
        });
    Linear.gather(weightParts, weights.gradient());
    Linear.gather(biasParts, bias.gradient());
  }
}
