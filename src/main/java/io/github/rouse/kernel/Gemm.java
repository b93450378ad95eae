// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Matrix products, blocked for registers and caches (Goto and van de Geijn 2008). Each element of
 * the result adds its terms in ascending order, so it does not depend on the other rows of the
 * product. Holds scratch memory; not thread-safe.
 */
public final class Gemm {
  private static final Tile TILE = Probe.TILE;
  private static final int ROWS = TILE.rows();
  private static final int BLOCK_ROWS = TILE.blockRows(); // of A, packed at a time
  private static final int BLOCK_COLUMNS = 98_304 / PackedMatrix.DEPTH; // of B, packed on the fly

  private final float[] a = new float[BLOCK_ROWS * PackedMatrix.DEPTH];
  private final float[] block =
      new float[PackedMatrix.DEPTH * BLOCK_COLUMNS]; // of B, packed on the fly
  private final float[] edge = new float[ROWS * TILE.widest()];

  /**
   * {@code C += A B}.
   *
   * @param a any strides
   * @param b packed, [columns of a][columns of c]
   * @param c with a column stride of 1
   */
  public void add(Matrix a, PackedMatrix b, Matrix c) {
    check(a, b.rows, b.columns, c);
    Late.count(a.rows(), b.rows, b.columns);
    for (int top = 0; top < a.rows(); top += BLOCK_ROWS) {
      for (int first = 0; first < b.rows; first += PackedMatrix.DEPTH) {
        int depth = Math.min(PackedMatrix.DEPTH, b.rows - first);
        addBlock(a, top, first, depth, b.data, first * b.padded, c);
      }
    }
  }

  /** {@code C += A B} for a B that is used only once: packs B on the fly. */
  public void add(Matrix a, Matrix b, Matrix c) {
    check(a, b.rows(), b.columns(), c);
    Late.count(a.rows(), b.rows(), b.columns());
    for (int left = 0; left < b.columns(); left += BLOCK_COLUMNS) {
      int count = Math.min(BLOCK_COLUMNS, b.columns() - left);
      Matrix columns = b.columns(left, count);
      for (int first = 0; first < b.rows(); first += PackedMatrix.DEPTH) {
        int end = Math.min(b.rows(), first + PackedMatrix.DEPTH);
        PackedMatrix.pack(columns, first, end, block, 0);
        for (int top = 0; top < a.rows(); top += BLOCK_ROWS) {
          addBlock(a, top, first, end - first, block, 0, c.columns(left, count));
        }
      }
    }
  }

  private static void check(Matrix a, int rows, int columns, Matrix c) {
    if (a.columns() != rows || a.rows() != c.rows() || columns != c.columns()) {
      throw new IllegalArgumentException(
          String.format(
              "a=%dx%d, b=%dx%d, c=%dx%d do not fit",
              a.rows(), a.columns(), rows, columns, c.rows(), c.columns()));
    }
    if (c.columnStride() != 1) {
      throw new IllegalArgumentException("c.columnStride=" + c.columnStride() + ", expected 1");
    }
  }

  /** Adds the product of a block of A, rows from {@code top}, with a packed block of B. */
  private void addBlock(Matrix a, int top, int column, int depth, float[] b, int bFrom, Matrix c) {
    int padded = PackedMatrix.padded(c.columns());
    int height = Math.min(BLOCK_ROWS, a.rows() - top);
    packA(a, top, height, column, depth);
    int width;
    for (int left = 0; left < padded; left += width) {
      width = TILE.width(padded - left);
      int panel = bFrom + left * depth;
      for (int i = 0; i < height; i += ROWS) {
        tile(depth, i, b, panel, width, c, top + i, left);
      }
    }
  }

  private void tile(
      int depth, int i, float[] b, int bFrom, int width, Matrix c, int row, int column) {
    int at = c.offset() + row * c.rowStride() + column;
    int height = Math.min(ROWS, c.rows() - row);
    int count = Math.min(width, c.columns() - column);
    if (height == ROWS && count == width) {
      TILE.multiply(width, depth, a, i * depth, b, bFrom, c.data(), at, c.rowStride());
      return;
    }
    for (int r = 0; r < height; r++) {
      System.arraycopy(c.data(), at + r * c.rowStride(), edge, r * width, count);
    }
    TILE.multiply(width, depth, a, i * depth, b, bFrom, edge, 0, width);
    for (int r = 0; r < height; r++) {
      System.arraycopy(edge, r * width, c.data(), at + r * c.rowStride(), count);
    }
  }

  /** Packs rows {@code top..} and columns {@code block..} of A as [tiles][depth][ROWS]. */
  private void packA(Matrix m, int top, int height, int block, int depth) {
    for (int i = 0; i < height; i += ROWS) {
      int rows = Math.min(ROWS, height - i);
      int from = m.offset() + (top + i) * m.rowStride() + block * m.columnStride();
      int to = i * depth;
      if (rows < ROWS) {
        Arrays.fill(a, to, to + depth * ROWS, 0f);
        packRows(m, from, rows, depth, to);
      } else if (m.rowStride() == 1) {
        copyColumns(m.data(), from, m.columnStride(), depth, a, to);
      } else if (m.columnStride() == 1) {
        TILE.interleave(m.data(), from, m.rowStride(), depth, a, to);
      } else {
        packRows(m, from, rows, depth, to);
      }
    }
  }

  private void packRows(Matrix m, int from, int rows, int depth, int to) {
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < depth; p++) {
        a[to + p * ROWS + r] = m.data()[from + r * m.rowStride() + p * m.columnStride()];
      }
    }
  }

  /** Copies floats one by one; {@code arraycopy} takes ten times as long for so few. */
  private static void copyColumns(float[] x, int from, int stride, int depth, float[] a, int to) {
    for (int p = 0; p < depth; p++) {
      int source = from + p * stride;
      int at = to + p * ROWS;
      a[at] = x[source];
      a[at + 1] = x[source + 1];
      a[at + 2] = x[source + 2];
      a[at + 3] = x[source + 3];
      a[at + 4] = x[source + 4];
      a[at + 5] = x[source + 5];
      a[at + 6] = x[source + 6];
      a[at + 7] = x[source + 7];
      if (ROWS == 12) {
        a[at + 8] = x[source + 8];
        a[at + 9] = x[source + 9];
        a[at + 10] = x[source + 10];
        a[at + 11] = x[source + 11];
      }
    }
  }
}
