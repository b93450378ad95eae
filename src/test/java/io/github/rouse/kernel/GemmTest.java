// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GemmTest {
  private static final int[] SIZES = {1, 7, 13, 49, 101, 207};

  private final Random random = new Random(1);
  private final Gemm product = new Gemm();

  /** Memory layouts of a matrix. */
  private enum Layout {
    ROWS,
    TRANSPOSED,
    STRIDED,
    OVERLAPPING
  }

  @Test
  void theVectorTileIsInUse() {
    assertEquals("VectorTile", Probe.TILE.getClass().getSimpleName());
  }

  /** All shapes add in the same order with fused multiply-adds, so they agree in every bit. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 13, 49, 101, 207, 256})
  void everyTileAddsItsTermsInAscendingOrder(int depth) {
    int columns = 48; // of the common panel; wider ones are zero there
    for (Tile tile : tiles()) {
      float[] a = random(depth * tile.rows());
      float[] b = random(depth * columns);
      float[] c = random(tile.rows() * columns);
      for (int width = tile.columns(); width <= tile.widest(); width += tile.columns()) {
        float[][] sums = multiply(tile, width, depth, a, b, c, columns);
        for (int i = 0; i < tile.rows(); i++) {
          for (int j = 0; j < sums[i].length; j++) {
            float sum = c[i * columns + j];
            for (int p = 0; p < depth; p++) {
              sum = Math.fma(a[p * tile.rows() + i], b[p * columns + j], sum);
            }
            assertEquals(sum, sums[i][j]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 16, 31, 128})
  void everyTileInterleavesItsRows(int depth) {
    int stride = depth + 3;
    for (Tile tile : tiles()) {
      float[] x = random(5 + tile.rows() * stride);
      float[] a = random(2 + tile.rows() * depth + 9);
      float[] expected = a.clone();
      for (int p = 0; p < depth; p++) {
        for (int i = 0; i < tile.rows(); i++) {
          expected[2 + p * tile.rows() + i] = x[5 + i * stride + p];
        }
      }
      tile.interleave(x, 5, stride, depth, a, 2);
      assertArrayEquals(expected, a);
    }
  }

  /** The tiles that suit this processor. */
  private static List<Tile> tiles() {
    return List.of(new ScalarTile(), Probe.vectorTile(32), Probe.vectorTile(16));
  }

  /** Runs a tile on the first columns of a panel, with offsets and gaps. */
  private static float[][] multiply(
      Tile tile, int width, int depth, float[] a, float[] b, float[] c, int columns) {
    int count = Math.min(width, columns);
    float[] movedA = new float[3 + a.length];
    System.arraycopy(a, 0, movedA, 3, a.length);
    float[] panel = new float[5 + depth * width];
    for (int p = 0; p < depth; p++) {
      System.arraycopy(b, p * columns, panel, 5 + p * width, count);
    }
    int stride = width + 11;
    float[] sums = new float[7 + tile.rows() * stride];
    for (int i = 0; i < tile.rows(); i++) {
      System.arraycopy(c, i * columns, sums, 7 + i * stride, count);
    }
    tile.multiply(width, depth, movedA, 3, panel, 5, sums, 7, stride);
    float[][] rows = new float[tile.rows()][];
    for (int i = 0; i < tile.rows(); i++) {
      rows[i] = Arrays.copyOfRange(sums, 7 + i * stride, 7 + i * stride + count);
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void productsEqualTheTripleLoop(Layout layout) {
    for (int rows : SIZES) {
      for (int depth : SIZES) {
        for (int columns : SIZES) {
          Matrix a = matrix(rows, depth, layout);
          Matrix b = matrix(depth, columns, layout);
          check(a, b);
        }
      }
    }
  }

  @Test
  void depthsBeyondOneBlockAreSummed() {
    for (Layout layout : Layout.values()) {
      check(matrix(101, 600, layout), matrix(600, 49, layout));
    }
  }

  /** Compares A times B with double arithmetic; C keeps its gaps. */
  private void check(Matrix a, Matrix b) {
    int stride = b.columns() + 3;
    float[] before = random(2 + a.rows() * stride);
    float[] packed = before.clone();
    product.add(a, new PackedMatrix(b), new Matrix(packed, 2, a.rows(), b.columns(), stride, 1));
    float[] used = before.clone();
    Matrix onTheWay = new Matrix(used, 2, a.rows(), b.columns(), stride, 1);
    product.add(a, b, onTheWay);
    double[] expected = new double[before.length];
    for (int i = 0; i < before.length; i++) {
      expected[i] = before[i];
    }
    for (int i = 0; i < a.rows(); i++) {
      for (int p = 0; p < a.columns(); p++) {
        double x = at(a, i, p);
        for (int j = 0; j < b.columns(); j++) {
          expected[2 + i * stride + j] += x * at(b, p, j);
        }
      }
    }
    String shape = a.rows() + "x" + a.columns() + "x" + b.columns();
    double tolerance = 1e-6 + 1e-7 * a.columns();
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(expected[i] - packed[i]) > tolerance || packed[i] != used[i]) {
        assertEquals(expected[i], packed[i], tolerance, shape);
        assertEquals(packed[i], used[i], shape);
      }
    }
  }

  @Test
  void mismatchedShapesAreRejected() {
    Matrix a = Matrix.of(new float[12], 3, 4);
    Matrix c = Matrix.of(new float[9], 3, 3);
    assertThrows(IllegalArgumentException.class, () -> product.add(a, a, c));
    assertThrows(
        IllegalArgumentException.class,
        () -> product.add(a, a.transposed(), c.transposed())); // columns apart
  }

  private static float at(Matrix m, int row, int column) {
    return m.data()[m.offset() + row * m.rowStride() + column * m.columnStride()];
  }

  private Matrix matrix(int rows, int columns, Layout layout) {
    return switch (layout) {
      case ROWS -> Matrix.of(random(rows * columns), rows, columns);
      case TRANSPOSED -> Matrix.of(random(rows * columns), columns, rows).transposed();
      case STRIDED ->
          new Matrix(random(4 + rows * (2 * columns + 5)), 4, rows, columns, 2 * columns + 5, 2);
      case OVERLAPPING -> new Matrix(random(2 * rows + columns), 1, rows, columns, 2, 1);
    };
  }

  private float[] random(int length) {
    float[] v = new float[length];
    for (int i = 0; i < length; i++) {
      v[i] = 2 * random.nextFloat() - 1;
    }
    return v;
  }
}
