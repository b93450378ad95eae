// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * The reference implementation, in a form that C2 vectorises: each row of sums is a separate array,
 * so alignment is known. This is five times as fast as one flat array.
 */
public final class ScalarTile implements Tile {
  private static final int ROWS = 8;
  private static final int COLUMNS = 96; // wide enough for C2's unrolled loop

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public String toString() {
    return String.format("scalar kernels, tiles of %d x %d", ROWS, COLUMNS);
  }

  @Override
  public int depth() {
    return 128;
  }

  @Override
  public int blockRows() {
    return 96;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public int widest() {
    return COLUMNS;
  }

  @Override
  public int width(int columns) {
    return COLUMNS;
  }

  @Override
  public void multiply(
      int width,
      int depth,
      float[] a,
      int aFrom,
      float[] b,
      int bFrom,
      float[] c,
      int cFrom,
      int cStride) {
    float[][] sums = new float[ROWS][COLUMNS]; // local: threads share the tile
    float[] row = new float[COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(c, cFrom + i * cStride, sums[i], 0, COLUMNS);
    }
    for (int p = 0; p < depth; p++) {
      System.arraycopy(b, bFrom + p * COLUMNS, row, 0, COLUMNS);
      for (int i = 0; i < ROWS; i += 4) {
        int at = aFrom + p * ROWS + i;
        addToFour(
            a[at],
            sums[i],
            a[at + 1],
            sums[i + 1],
            a[at + 2],
            sums[i + 2],
            a[at + 3],
            sums[i + 3],
            row);
      }
    }
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(sums[i], 0, c, cFrom + i * cStride, COLUMNS);
    }
  }

  // Four rows a pass: one load of the row of B serves four multiply-adds.
  private static void addToFour(
      float a, float[] p, float b, float[] q, float c, float[] r, float d, float[] s, float[] row) {
    for (int j = 0; j < row.length; j++) {
      float x = row[j];
      p[j] = Math.fma(a, x, p[j]);
      q[j] = Math.fma(b, x, q[j]);
      r[j] = Math.fma(c, x, r[j]);
      s[j] = Math.fma(d, x, s[j]);
    }
  }

  @Override
  public FilterLoops filterLoops() {
    return new ScalarFilterLoops();
  }

  @Override
  public Weights weights(float[][] rows) {
    return new ScalarWeights(rows);
  }

  @Override
  public void copy(int width, int depth, float[] x, int from, int stride, float[] b, int to) {
    for (int p = 0; p < depth; p++) {
      System.arraycopy(x, from + p * stride, b, to + p * width, width);
    }
  }

  @Override
  public void interleave(float[] x, int from, int stride, int depth, float[] a, int to) {
    interleaveEight(x, from, stride, depth, a, to, ROWS);
  }

  /**
   * Interleaves eight rows at once, {@code step} floats from one p to the next, so that writes are
   * contiguous.
   */
  public static void interleaveEight(
      float[] x, int from, int stride, int depth, float[] a, int to, int step) {
    int r1 = from + stride;
    int r2 = r1 + stride;
    int r3 = r2 + stride;
    int r4 = r3 + stride;
    int r5 = r4 + stride;
    int r6 = r5 + stride;
    int r7 = r6 + stride;
    for (int p = 0; p < depth; p++) {
      int at = to + p * step;
      a[at] = x[from + p];
      a[at + 1] = x[r1 + p];
      a[at + 2] = x[r2 + p];
      a[at + 3] = x[r3 + p];
      a[at + 4] = x[r4 + p];
      a[at + 5] = x[r5 + p];
      a[at + 6] = x[r6 + p];
      a[at + 7] = x[r7 + p];
    }
  }
}
