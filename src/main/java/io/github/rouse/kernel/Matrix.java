// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * A matrix view of a float array: element (i, j) is {@code data[offset + i*rowStride +
 * j*columnStride]}. A transpose swaps the strides; overlapping rows turn a convolution into a
 * product.
 *
 * @param data the underlying array
 * @param offset of element (0, 0)
 * @param rows how many
 * @param columns how many
 * @param rowStride floats from one row to the next
 * @param columnStride floats from one column to the next
 */
public record Matrix(
    float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {

  /** Views a whole array as contiguous rows. */
  public static Matrix of(float[] data, int rows, int columns) {
    return new Matrix(data, 0, rows, columns, columns, 1);
  }

  /** The transpose, as a view. */
  public Matrix transposed() {
    return new Matrix(data, offset, columns, rows, columnStride, rowStride);
  }

  /** A view of some rows. */
  public Matrix rows(int from, int count) {
    return new Matrix(data, offset + from * rowStride, count, columns, rowStride, columnStride);
  }

  /** A view of some columns. */
  public Matrix columns(int from, int count) {
    return new Matrix(data, offset + from * columnStride, rows, count, rowStride, columnStride);
  }
}
