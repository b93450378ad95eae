package io.github.rouse.kernel;

/**
 * A view of floats as a matrix: element (i, j) is {@code data[offset + i*rowStride +
 * j*columnStride]}. A transpose swaps the strides; rows that overlap make a convolution a product.
 *
 * @param data what is viewed
 * @param offset of element (0, 0)
 * @param rows how many
 * @param columns how many
 * @param rowStride floats from one row to the next
 * @param columnStride floats from one column to the next
 */
public record Matrix(
    float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {

  /** A whole array as rows that follow each other. */
  public static Matrix of(float[] data, int rows, int columns) {
    return new Matrix(data, 0, rows, columns, columns, 1);
  }

  /** The same elements with rows and columns swapped. */
  public Matrix transposed() {
    return new Matrix(data, offset, columns, rows, columnStride, rowStride);
  }

  /** Some rows of this one. */
  public Matrix rows(int from, int count) {
    return new Matrix(data, offset + from * rowStride, count, columns, rowStride, columnStride);
  }

  /** Some columns of this one. */
  public Matrix columns(int from, int count) {
    return new Matrix(data, offset + from * columnStride, rows, count, rowStride, columnStride);
  }
}
