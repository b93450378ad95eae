package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Matrix products, blocked for registers and caches (Goto and van de Geijn 2008). Each element of
 * the result adds its terms in ascending order, so it does not depend on the other rows of the
 * product. An instance holds scratch memory and belongs to one thread.
 */
public final class Product {
  static final Tile TILE = Probe.tile();
  private static final int BLOCK_ROWS = 96; // of A packed at a time, a multiple of Tile.ROWS

  private final float[] a = new float[BLOCK_ROWS * Packed.DEPTH];
  private float[] block = {}; // of B packed on the way, grown as needed
  private final float[] edge = new float[Tile.ROWS * TILE.columns()];

  /**
   * {@code C += A B}.
   *
   * @param a any strides
   * @param b packed, with as many rows as {@code a} has columns
   * @param c columns next to each other
   */
  public void add(Matrix a, Packed b, Matrix c) {
    add(a, b, 0, c);
  }

  /**
   * {@code C += A B}, with the rows of B from one on.
   *
   * @param a any strides
   * @param b packed
   * @param from the row of {@code b} that belongs to the first column of {@code a}
   * @param c columns next to each other
   */
  public void add(Matrix a, Packed b, int from, Matrix c) {
    check(a, b.rows - from, b.columns, c);
    int width = TILE.columns();
    for (int block = from / Packed.DEPTH * Packed.DEPTH; block < b.rows; block += Packed.DEPTH) {
      int packed = Math.min(Packed.DEPTH, b.rows - block);
      int skipped = Math.max(0, from - block);
      int first = block * b.panels * width + skipped * width;
      int column = block + skipped - from;
      addBlock(a, column, packed - skipped, b.data, first, packed * width, c);
    }
  }

  /** {@code C += A B}, for a B that is used once: packed on the way. */
  public void add(Matrix a, Matrix b, Matrix c) {
    check(a, b.rows(), b.columns(), c);
    int width = TILE.columns();
    int padded = (b.columns() + width - 1) / width * width;
    if (block.length < padded * Packed.DEPTH) {
      block = new float[padded * Packed.DEPTH];
    }
    for (int first = 0; first < b.rows(); first += Packed.DEPTH) {
      int end = Math.min(b.rows(), first + Packed.DEPTH);
      Packed.pack(b, first, end, block, 0);
      addBlock(a, first, end - first, block, 0, (end - first) * width, c);
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

  /** Adds the product of {@code depth} columns of A with a packed block of B. */
  private void addBlock(
      Matrix a, int column, int depth, float[] b, int bFrom, int panelSize, Matrix c) {
    int width = TILE.columns();
    for (int top = 0; top < a.rows(); top += BLOCK_ROWS) {
      int height = Math.min(BLOCK_ROWS, a.rows() - top);
      packA(a, top, height, column, depth);
      int panel = bFrom;
      for (int left = 0; left < c.columns(); left += width) {
        for (int i = 0; i < height; i += Tile.ROWS) {
          tile(depth, i, b, panel, c, top + i, left);
        }
        panel += panelSize;
      }
    }
  }

  private void tile(int depth, int i, float[] b, int bFrom, Matrix c, int row, int column) {
    int width = TILE.columns();
    int at = c.offset() + row * c.rowStride() + column;
    int height = Math.min(Tile.ROWS, c.rows() - row);
    int count = Math.min(width, c.columns() - column);
    if (height == Tile.ROWS && count == width) {
      TILE.multiply(depth, a, i * depth, b, bFrom, c.data(), at, c.rowStride());
      return;
    }
    for (int r = 0; r < height; r++) {
      System.arraycopy(c.data(), at + r * c.rowStride(), edge, r * width, count);
    }
    TILE.multiply(depth, a, i * depth, b, bFrom, edge, 0, width);
    for (int r = 0; r < height; r++) {
      System.arraycopy(edge, r * width, c.data(), at + r * c.rowStride(), count);
    }
  }

  /** Packs rows {@code top..} and columns {@code block..} of A as [rows / 8][depth][8]. */
  private void packA(Matrix m, int top, int height, int block, int depth) {
    for (int i = 0; i < height; i += Tile.ROWS) {
      int rows = Math.min(Tile.ROWS, height - i);
      int to = i * depth;
      if (rows < Tile.ROWS) {
        Arrays.fill(a, to, to + depth * Tile.ROWS, 0f);
      }
      for (int r = 0; r < rows; r++) {
        int from = m.offset() + (top + i + r) * m.rowStride() + block * m.columnStride();
        for (int p = 0; p < depth; p++) {
          a[to + p * Tile.ROWS + r] = m.data()[from + p * m.columnStride()];
        }
      }
    }
  }
}
