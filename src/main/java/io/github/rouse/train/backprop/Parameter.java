// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Matrix;

/**
 * A trainable parameter and the gradient of the loss.
 *
 * @param name such as {@code gru1.inputWeights}
 * @param value [rows][columns]
 * @param gradient [rows][columns]
 * @param rows 1 for a vector
 * @param columns length of a row
 */
public record Parameter(String name, float[] value, float[] gradient, int rows, int columns) {
  /** Zeros. */
  public Parameter(String name, int rows, int columns) {
    this(name, new float[rows * columns], new float[rows * columns], rows, columns);
  }

  /** The values as a matrix. */
  Matrix values() {
    return Matrix.of(value, rows, columns);
  }

  /** Whether it is a matrix; weight decay applies only to matrices. */
  public boolean isMatrix() {
    return rows > 1;
  }

  /** A copy as rows, for {@code nn}. */
  float[][] toRows() {
    float[][] copy = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(value, i * columns, copy[i], 0, columns);
    }
    return copy;
  }
}
