// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.PackedMatrix;

/** {@code Y = X W + b} over all rows of a batch, and its gradient; used by several layers. */
final class Linear {
  private static final int CACHED = 384; // rows whose inputs and outputs fit the cache

  final Parameter weights; // [inputs][outputs]
  final Parameter bias; // [outputs]
  private final WorkerPool workers;
  private PackedMatrix forward; // W
  private PackedMatrix backward; // W transposed
  private final float[][] weightParts; // [worker][inputs * outputs]
  private final float[][] biasParts; // [worker][outputs]

  Linear(String name, int inputs, int outputs, WorkerPool workers) {
    weights = new Parameter(name + ".inputWeights", inputs, outputs);
    bias = new Parameter(name + ".inputBias", 1, outputs);
    this.workers = workers;
    weightParts = new float[workers.count()][inputs * outputs];
    biasParts = new float[workers.count()][outputs];
  }

  void forward(SequenceBatch in, SequenceBatch out) {
    forward = packed(forward, weights.values());
    workers.each(
        in.rows(),
        (part, from, to, product) -> {
          for (int row = from; row < to; row += CACHED) {
            int count = Math.min(CACHED, to - row);
            for (int r = row; r < row + count; r++) {
              System.arraycopy(bias.value(), 0, out.data(), r * out.width(), out.width());
            }
            product.add(in.rows(row, count), forward, out.rows(row, count));
          }
        });
  }

  /**
   * Adds to the gradients of the parameters, and writes the gradient of the inputs unless {@code
   * inGradient} is null.
   */
  void backward(SequenceBatch in, SequenceBatch outGradient, SequenceBatch inGradient) {
    if (inGradient != null) {
      backward = packed(backward, weights.values().transposed());
    }
    workers.each(
        in.rows(),
        (part, from, to, product) -> {
          for (int row = from; row < to; row += CACHED) {
            int count = Math.min(CACHED, to - row);
            Matrix given = outGradient.rows(row, count);
            addOuter(product, in.rows(row, count), given, weightParts[part], weights);
            addColumns(given, biasParts[part], 0);
            if (inGradient != null) {
              int width = inGradient.width();
              java.util.Arrays.fill(inGradient.data(), row * width, (row + count) * width, 0f);
              product.add(given, backward, inGradient.rows(row, count));
            }
          }
        });
    gather(weightParts, weights.gradient());
    gather(biasParts, bias.gradient());
  }

  private static void addOuter(Gemm product, Matrix in, Matrix given, float[] to, Parameter shape) {
    product.add(in.transposed(), given, Matrix.of(to, shape.rows(), shape.columns()));
  }

  /** Adds each row of {@code m} to {@code to} from index {@code at}. */
  static void addColumns(Matrix m, float[] to, int at) {
    float[] sums = new float[m.columns()];
    float[] values = new float[m.columns()]; // C2 vectorises only equal indices
    for (int row = 0; row < m.rows(); row++) {
      System.arraycopy(m.data(), m.offset() + row * m.rowStride(), values, 0, values.length);
      for (int j = 0; j < sums.length; j++) {
        sums[j] += values[j];
      }
    }
    for (int j = 0; j < sums.length; j++) {
      to[at + j] += sums[j];
    }
  }

  /** Adds the workers' parts to a gradient in order, and clears them. */
  static void gather(float[][] parts, float[] gradient) {
    for (float[] part : parts) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += part[i];
      }
      java.util.Arrays.fill(part, 0f);
    }
  }

  /** Packs a matrix, reusing the old storage if there is any. */
  static PackedMatrix packed(PackedMatrix old, Matrix m) {
    if (old == null) {
      return new PackedMatrix(m);
    }
    old.pack(m);
    return old;
  }
}
