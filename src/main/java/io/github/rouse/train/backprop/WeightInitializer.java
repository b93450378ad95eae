// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Matrix;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Initial values of weights. */
public enum WeightInitializer {
  /** Zeros. */
  ZEROS,
  /** Uniform, with a variance of 2 / (rows + columns) (Glorot and Bengio 2010). */
  XAVIER,
  /** Normal, with a variance of 2 / rows: for layers followed by a ReLU (He et al. 2015). */
  HE,
  /** Orthonormal rows or columns, whichever are fewer (Saxe et al. 2014): for recurrent weights. */
  ORTHOGONAL;

  /**
   * Fills a parameter.
   *
   * @param parts number of matrices of equal width side by side, as for gates
   */
  public void fill(Parameter p, int parts, RandomGenerator random) {
    if (parts < 1 || p.columns() % parts != 0) {
      throw new IllegalArgumentException("parts=" + parts + " do not divide " + p.columns());
    }
    int width = p.columns() / parts;
    for (int part = 0; part < parts; part++) {
      fill(p.values().columns(part * width, width), random);
    }
  }

  private void fill(Matrix m, RandomGenerator random) {
    double[][] w = new double[m.rows()][m.columns()];
    switch (this) {
      case ZEROS -> {}
      case XAVIER -> {
        double limit = Math.sqrt(6.0 / (m.rows() + m.columns()));
        each(w, () -> limit * (2 * random.nextDouble() - 1));
      }
      case HE -> {
        double deviation = Math.sqrt(2.0 / m.rows());
        each(w, () -> deviation * random.nextGaussian());
      }
      case ORTHOGONAL -> {
        orthogonal(m.rows() <= m.columns() ? m : m.transposed(), random);
        return;
      }
    }
    copy(w, m);
  }

  private static void each(double[][] w, DoubleSupplier next) {
    for (double[] row : w) {
      for (int j = 0; j < row.length; j++) {
        row[j] = next.getAsDouble();
      }
    }
  }

  /** Gram-Schmidt on Gaussian rows; the second pass removes rounding errors. */
  private static void orthogonal(Matrix wide, RandomGenerator random) {
    double[][] q = new double[wide.rows()][wide.columns()];
    each(q, random::nextGaussian);
    for (int i = 0; i < q.length; i++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < i; k++) {
          addScaled(q[i], q[k], -dot(q[i], q[k]));
        }
      }
      addScaled(q[i], q[i], 1 / Math.sqrt(dot(q[i], q[i])) - 1);
    }
    copy(q, wide);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addScaled(double[] to, double[] from, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }

  private static void copy(double[][] from, Matrix to) {
    for (int i = 0; i < to.rows(); i++) {
      for (int j = 0; j < to.columns(); j++) {
        int at = to.offset() + i * to.rowStride() + j * to.columnStride();
        to.data()[at] = (float) from[i][j];
      }
    }
  }
}
