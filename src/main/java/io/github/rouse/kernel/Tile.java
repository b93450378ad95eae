// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * The innermost block of a matrix product: some rows of packed A times a panel of packed B, added
 * to C. The scalar version is the reference; the vector version adds in the same order.
 */
public interface Tile {
  /** Rows of C that a tile covers: 8 or 12. */
  int rows();

  /** Rows of B in a block: a panel this deep fits the L1 cache beside a tile of A. */
  int depth();

  /** Rows of A in a block, a multiple of {@link #rows}. */
  int blockRows();

  /** The unit of panel widths, in columns. */
  int columns();

  /** The widest panel. */
  int widest();

  /**
   * The width of the next panel for this many remaining columns, a multiple of {@link #columns}.
   */
  int width(int columns);

  /**
   * {@code C[i][j] += sum over p of a[p][i] * b[p][j]}, p ascending.
   *
   * @param width of the panel, one that {@link #width} gave
   * @param depth how many p
   * @param a [depth][rows], from {@code aFrom}
   * @param b [depth][width], from {@code bFrom}
   * @param c rows {@code cStride} apart, from {@code cFrom}
   */
  void multiply(
      int width,
      int depth,
      float[] a,
      int aFrom,
      float[] b,
      int bFrom,
      float[] c,
      int cFrom,
      int cStride);

  /**
   * Packs {@link #rows} rows: {@code a[p][i] = x[i][p]}.
   *
   * @param x rows {@code stride} apart, from {@code from}
   * @param depth how many p
   * @param a [depth][rows], from {@code to}
   */
  void interleave(float[] x, int from, int stride, int depth, float[] a, int to);

  /**
   * Packs a whole panel: {@code b[p][j] = x[p][j]}.
   *
   * @param width of the panel, one that {@link #width} gave
   * @param depth how many p
   * @param x rows {@code stride} apart, from {@code from}
   * @param b [depth][width], from {@code to}
   */
  void copy(int width, int depth, float[] x, int from, int stride, float[] b, int to);

  /** Lays out weights for products with a few rows, in the same kind of loop. */
  Weights weights(float[][] rows);

  /** Returns the loops of filter banks, of the same kind. */
  FilterLoops filterLoops();
}
