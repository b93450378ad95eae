package io.github.rouse.kernel;

/**
 * The innermost block of a matrix product: {@value #ROWS} rows of packed A times a panel of packed
 * B, added to C. The scalar version is the truth; the vector twin adds in the same order.
 */
interface Tile {
  /** Rows of C a tile covers. */
  int ROWS = 8;

  /** Columns of C a tile covers: the width of a panel. */
  int columns();

  /** Columns of C a narrow tile covers, which divides {@link #columns}: the last panels' width. */
  int narrowColumns();

  /**
   * {@code C[i][j] += sum over p of a[p][i] * b[p][j]}, p ascending.
   *
   * @param depth how many p
   * @param a [depth][ROWS], from {@code aFrom}
   * @param b [depth][columns], from {@code bFrom}
   * @param c rows {@code cStride} apart, from {@code cFrom}
   */
  void multiply(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride);

  /** The same with {@link #narrowColumns} in place of {@link #columns}. */
  void multiplyNarrow(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride);
}
