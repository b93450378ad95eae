// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * A matrix packed as the right factor of many products: in panels as wide as a {@link Tile}, the
 * last one zero-padded, and in blocks of rows that fit the cache.
 */
public final class PackedMatrix {
  static final int DEPTH = Probe.TILE.depth(); // rows of a block

  final float[] data; // [blocks][panels][depth of block][panel columns]
  final int rows;
  final int columns;
  final int padded; // columns, including padding

  /** Packs a copy. */
  public PackedMatrix(Matrix m) {
    rows = m.rows();
    columns = m.columns();
    padded = padded(columns);
    data = new float[rows * padded];
    pack(m);
  }

  /** Overwrites this matrix with another of the same shape. */
  public void pack(Matrix m) {
    if (m.rows() != rows || m.columns() != columns) {
      throw new IllegalArgumentException(
          String.format("m=%dx%d, expected %dx%d", m.rows(), m.columns(), rows, columns));
    }
    for (int block = 0; block < rows; block += DEPTH) {
      pack(m, block, Math.min(rows, block + DEPTH), data, block * padded);
    }
  }

  /**
   * Packs rows {@code first} to {@code end - 1} of {@code m}, at most one block, at {@code
   * data[to]}.
   */
  static void pack(Matrix m, int first, int end, float[] data, int to) {
    int padded = padded(m.columns());
    int width;
    for (int left = 0; left < m.columns(); left += width) {
      width = Probe.TILE.width(padded - left);
      int from = m.offset() + first * m.rowStride() + left * m.columnStride();
      if (m.columnStride() == 1 && left + width <= m.columns()) {
        Probe.TILE.copy(width, end - first, m.data(), from, m.rowStride(), data, to);
      } else {
        int count = Math.min(width, m.columns() - left);
        for (int p = 0; p < end - first; p++) {
          for (int j = 0; j < count; j++) {
            data[to + p * width + j] = m.data()[from + p * m.rowStride() + j * m.columnStride()];
          }
        }
      }
      to += (end - first) * width;
    }
  }

  /** The number of columns, rounded up to whole panels. */
  static int padded(int columns) {
    int whole = Probe.TILE.columns();
    return (columns + whole - 1) / whole * whole;
  }
}
