package io.github.rouse.kernel;

/**
 * A matrix laid out for use as the right factor of many products: panels as wide as a {@link Tile},
 * cut into blocks of rows that fit the cache, short ones filled up with zeros.
 */
public final class Packed {
  static final int DEPTH = 256; // rows of a block

  final float[] data; // [blocks][panels][depth of block][tile columns]
  final int rows;
  final int columns;
  final int panels;

  /** A packed copy. */
  public Packed(Matrix m) {
    rows = m.rows();
    columns = m.columns();
    int width = Product.TILE.columns();
    panels = (columns + width - 1) / width;
    data = new float[rows * panels * width];
    pack(m);
  }

  /** Packs another matrix of the same shape in this one's place. */
  public void pack(Matrix m) {
    if (m.rows() != rows || m.columns() != columns) {
      throw new IllegalArgumentException(
          String.format("m=%dx%d, expected %dx%d", m.rows(), m.columns(), rows, columns));
    }
    int width = Product.TILE.columns();
    for (int block = 0; block < rows; block += DEPTH) {
      pack(m, block, Math.min(rows, block + DEPTH), data, block * panels * width);
    }
  }

  /** Packs rows {@code first..end} of {@code m}, at most a block, into {@code to}. */
  static void pack(Matrix m, int first, int end, float[] data, int to) {
    int width = Product.TILE.columns();
    for (int left = 0; left < m.columns(); left += width) {
      int count = Math.min(width, m.columns() - left);
      for (int p = first; p < end; p++) {
        int from = m.offset() + p * m.rowStride() + left * m.columnStride();
        if (m.columnStride() == 1) {
          System.arraycopy(m.data(), from, data, to, count);
        } else {
          for (int j = 0; j < count; j++) {
            data[to + j] = m.data()[from + j * m.columnStride()];
          }
        }
        to += width;
      }
    }
  }
}
