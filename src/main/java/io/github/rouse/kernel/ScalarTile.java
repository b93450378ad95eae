package io.github.rouse.kernel;

/** The truth, in a form that C2 vectorises. */
final class ScalarTile implements Tile {
  private static final int COLUMNS = 48;

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public void multiply(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride) {
    for (int i = 0; i < ROWS; i++) {
      row(depth, a, aFrom + i, b, bFrom, c, cFrom + i * cStride);
    }
  }

  private static void row(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int at) {
    float[] sum = new float[COLUMNS]; // escape analysis keeps it off the heap
    System.arraycopy(c, at, sum, 0, COLUMNS);
    for (int p = 0; p < depth; p++) {
      float x = a[aFrom + p * ROWS];
      int row = bFrom + p * COLUMNS;
      for (int j = 0; j < COLUMNS; j++) {
        sum[j] = Math.fma(x, b[row + j], sum[j]);
      }
    }
    System.arraycopy(sum, 0, c, at, COLUMNS);
  }
}
