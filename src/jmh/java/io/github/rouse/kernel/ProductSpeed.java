// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Locale;
import java.util.Random;

/**
 * Prints the GFLOP/s of the matrix products in a training batch of the classic network, 32 clips of
 * 10 s on one thread, and of the streaming products at one, four and eight rows.
 */
public final class ProductSpeed {
  private static final int ROUNDS = 60; // the fastest counts; neighbours on the machine slow others
  private static final double ROUND_SECONDS = 0.03;

  private static final int STEPS = 1375; // of a clip
  private static final int CLIPS = 32;
  private static final int STRIDE = 4 * 101; // floats from one step's frames to the next
  private static final int WINDOW = 15 * 101; // floats of frames that one step reads
  private static final int FILTERS = 196;
  private static final int UNITS = 128;
  private static final int GATES = 3 * UNITS;
  private static final int ROWS = 384; // rows of a batch that a layer's product takes at a time

  private final Random random = new Random(1);
  private final Gemm product = new Gemm();

  private ProductSpeed() {}

  /** Measures; no arguments. */
  public static void main(String[] args) {
    System.out.printf("Java %s, %s%n", Runtime.version(), Kernels.description());
    new ProductSpeed().measure();
  }

  private void measure() {
    Matrix windows = new Matrix(floats((STEPS - 1) * STRIDE + WINDOW), 0, STEPS, WINDOW, STRIDE, 1);
    Matrix filtered = matrix(STEPS, FILTERS);
    packed("convolution", windows, matrix(WINDOW, FILTERS));
    onTheWay("convolution, weights' gradient", filtered.transposed(), windows);
    layer("GRU inputs, 196 wide", FILTERS);
    layer("GRU inputs, 128 wide", UNITS);
    packed("recurrence, forward", matrix(CLIPS, UNITS), matrix(UNITS, GATES));
    packed("recurrence, backward", matrix(CLIPS, GATES), matrix(GATES, UNITS));
    for (int rows : new int[] {1, 4, 8}) {
      streaming("streaming convolution, rows: " + rows, rows, WINDOW, FILTERS);
      streaming("streaming recurrence, rows: " + rows, rows, UNITS, GATES);
    }
  }

  private void layer(String name, int inputs) {
    packed(name, matrix(ROWS, inputs), matrix(inputs, GATES));
    onTheWay(name + ", weights' gradient", matrix(ROWS, inputs).transposed(), matrix(ROWS, GATES));
    packed(name + ", data's gradient", matrix(ROWS, GATES), matrix(GATES, inputs));
  }

  private void packed(String name, Matrix a, Matrix b) {
    PackedMatrix right = new PackedMatrix(b);
    Matrix c = matrix(a.rows(), b.columns());
    print(name, 2.0 * a.rows() * b.rows() * b.columns(), () -> product.add(a, right, c));
  }

  private void onTheWay(String name, Matrix a, Matrix b) {
    Matrix c = matrix(a.rows(), b.columns());
    print(name, 2.0 * a.rows() * b.rows() * b.columns(), () -> product.add(a, b, c));
  }

  private void streaming(String name, int rows, int inputs, int outputs) {
    Weights weights = Kernels.weights(rows(inputs, outputs));
    float[][] x = rows(rows, inputs);
    float[][] y = rows(rows, outputs);
    print(name, 2.0 * rows * inputs * outputs, () -> weights.addProduct(x, y, rows));
  }

  private static void print(String name, double flops, Runnable work) {
    double best = 0; // GFLOP/s
    for (int round = 0; round < ROUNDS; round++) {
      long begun = System.nanoTime();
      long calls = 0;
      double seconds;
      do {
        work.run();
        calls++;
        seconds = (System.nanoTime() - begun) * 1e-9;
      } while (seconds < ROUND_SECONDS);
      best = Math.max(best, calls * flops / seconds * 1e-9);
    }
    System.out.printf(Locale.ROOT, "%-44s %7.1f GFLOP/s%n", name, best);
  }

  private Matrix matrix(int rows, int columns) {
    return Matrix.of(floats(rows * columns), rows, columns);
  }

  private float[][] rows(int count, int length) {
    float[][] rows = new float[count][];
    for (int r = 0; r < count; r++) {
      rows[r] = floats(length);
    }
    return rows;
  }

  private float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 1e-3f; // sums stay far from overflow
    }
    return values;
  }
}
