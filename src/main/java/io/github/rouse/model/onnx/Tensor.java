// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import java.util.Arrays;

/**
 * Weights: the shape and the values, last axis fastest. Errors are {@link
 * IllegalArgumentException}s.
 */
public record Tensor(int[] dims, float[] values) {
  /** Rejects NaN and infinity: a single one makes every posterior NaN. */
  public Tensor finite(String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "]=" + values[i] + ", expected a finite number");
      }
    }
    return this;
  }

  /** Checks the shape. */
  public Tensor shaped(String name, int... expected) {
    if (!Arrays.equals(dims, expected)) {
      throw new IllegalArgumentException(
          String.format(
              "%s has shape %s, expected %s",
              name, Arrays.toString(dims), Arrays.toString(expected)));
    }
    return this;
  }

  /**
   * Transposes {@code rows} rows of {@code columns} values, starting at row {@code from}:
   * [columns][rows].
   */
  public float[][] columnsAsRows(int from, int rows, int columns) {
    float[][] transposed = new float[columns][rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        transposed[c][r] = values[(from + r) * columns + c];
      }
    }
    return transposed;
  }

  /** Splits the values into rows of {@code columns}. */
  public float[][] rows(int columns) {
    float[][] rows = new float[values.length / columns][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(values, r * columns, (r + 1) * columns));
    return rows;
  }
}
