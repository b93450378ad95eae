// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel.vector;

import io.github.rouse.kernel.FilterBank;
import io.github.rouse.kernel.FilterLoops;
import io.github.rouse.kernel.ScalarFilterLoops;
import io.github.rouse.kernel.ScalarTile;
import io.github.rouse.kernel.ScalarWeights;
import io.github.rouse.kernel.Tile;
import io.github.rouse.kernel.Weights;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link ScalarTile}: sums stay in registers while A is broadcast into rows of
 * B. Covers eight rows by up to three vectors with 32 registers, twelve rows by one vector with 16.
 */
public final class VectorTile implements Tile {
  private static final VectorSpecies<Float> S = VectorLoops.S;
  private static final int L = VectorLoops.L;

  // For lanes in groups of 1, 2, 4, 8: masks of odd groups, and shuffles that swap neighbours.
  private static final VectorMask<Float> ODD_1 = odd(1);
  private static final VectorMask<Float> ODD_2 = odd(2);
  private static final VectorMask<Float> ODD_4 = odd(4);
  private static final VectorMask<Float> ODD_8 = odd(8);
  private static final VectorShuffle<Float> SWAP_1 = swapped(1);
  private static final VectorShuffle<Float> SWAP_2 = swapped(2);
  private static final VectorShuffle<Float> SWAP_4 = swapped(4);
  private static final VectorShuffle<Float> SWAP_8 = swapped(8);

  private static VectorMask<Float> odd(int group) {
    boolean[] lanes = new boolean[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = i / group % 2 == 1;
    }
    return VectorMask.fromArray(S, lanes, 0);
  }

  private static VectorShuffle<Float> swapped(int group) {
    return VectorShuffle.fromOp(S, i -> (i ^ group) % L);
  }

  private static final int SQUARE = 8; // rows transposed at a time

  private final boolean manyRegisters;

  /**
   * Creates a tile that fits the registers.
   *
   * @param registers number of vector registers
   */
  public VectorTile(int registers) {
    manyRegisters = registers >= 32;
  }

  /** With 16 registers: twelve sums, one vector of B and a few of A. */
  @Override
  public int rows() {
    return manyRegisters ? 8 : 12;
  }

  @Override
  public String toString() {
    return String.format("vector kernels of %d lanes, tiles of %d x %d", L, rows(), widest());
  }

  /** A narrow panel fits the L1 cache at twice the depth of a wide one. */
  @Override
  public int depth() {
    return manyRegisters ? 128 : 256;
  }

  /** Narrow panels reread the block of A often, so it must fit the L1 cache too. */
  @Override
  public int blockRows() {
    return manyRegisters ? 96 : 24;
  }

  @Override
  public int columns() {
    return L;
  }

  @Override
  public int widest() {
    return manyRegisters ? 3 * L : L;
  }

  /** Splits four vectors into two and two, not three and one. */
  @Override
  public int width(int columns) {
    return manyRegisters && columns == 4 * L ? 2 * L : Math.min(columns, widest());
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
    if (!manyRegisters) {
      VectorLoops.tile12x1(depth, a, aFrom, b, bFrom, c, cFrom, cStride, cFrom, cStride);
    } else if (width == 3 * L) {
      VectorLoops.tile8x3(depth, a, aFrom, b, bFrom, c, cFrom, cStride, cFrom, cStride);
    } else if (width == 2 * L) {
      VectorLoops.tile8x2(depth, a, aFrom, b, bFrom, c, cFrom, cStride, cFrom, cStride);
    } else {
      VectorLoops.tile8x1(depth, a, aFrom, b, bFrom, c, cFrom, cStride, cFrom, cStride);
    }
  }

  @Override
  public FilterLoops filterLoops() {
    return L <= FilterBank.MOST ? new VectorFilterLoops() : new ScalarFilterLoops();
  }

  @Override
  public Weights weights(float[][] rows) {
    boolean wide = rows.length > 0 && rows[0].length > L;
    return wide ? new VectorWeights(rows, manyRegisters ? 3 : 2) : new ScalarWeights(rows);
  }

  @Override
  public void copy(int width, int depth, float[] x, int from, int stride, float[] b, int to) {
    for (int p = 0; p < depth; p++) {
      for (int j = 0; j < width; j += L) {
        FloatVector.fromArray(S, x, from + p * stride + j).intoArray(b, to + p * width + j);
      }
    }
  }

  /** With twelve rows, writes the middle four twice. */
  @Override
  public void interleave(float[] x, int from, int stride, int depth, float[] a, int to) {
    int rows = rows();
    interleaveEight(x, from, stride, depth, a, to, rows);
    if (rows > SQUARE) {
      int further = rows - SQUARE;
      interleaveEight(x, from + further * stride, stride, depth, a, to + further, rows);
    }
  }

  /**
   * Transposes 8 x 8 squares in three rounds; in each, pairs of vectors exchange halves (Eklundh
   * 1972). Vectors of 16 lanes hold two squares side by side.
   */
  private static void interleaveEight(
      float[] x, int from, int stride, int depth, float[] a, int to, int step) {
    int p = 0;
    for (; (L == SQUARE || L == 2 * SQUARE && step == SQUARE) && p + L <= depth; p += L) {
      int at = from + p;
      int column = to + p * step;
      FloatVector v0 = FloatVector.fromArray(S, x, at);
      FloatVector v1 = FloatVector.fromArray(S, x, at + stride);
      FloatVector v2 = FloatVector.fromArray(S, x, at + 2 * stride);
      FloatVector v3 = FloatVector.fromArray(S, x, at + 3 * stride);
      FloatVector v4 = FloatVector.fromArray(S, x, at + 4 * stride);
      FloatVector v5 = FloatVector.fromArray(S, x, at + 5 * stride);
      FloatVector v6 = FloatVector.fromArray(S, x, at + 6 * stride);
      FloatVector v7 = FloatVector.fromArray(S, x, at + 7 * stride);
      FloatVector w0 = v0.blend(v1.rearrange(SWAP_1), ODD_1);
      FloatVector w1 = v0.rearrange(SWAP_1).blend(v1, ODD_1);
      FloatVector w2 = v2.blend(v3.rearrange(SWAP_1), ODD_1);
      FloatVector w3 = v2.rearrange(SWAP_1).blend(v3, ODD_1);
      FloatVector w4 = v4.blend(v5.rearrange(SWAP_1), ODD_1);
      FloatVector w5 = v4.rearrange(SWAP_1).blend(v5, ODD_1);
      FloatVector w6 = v6.blend(v7.rearrange(SWAP_1), ODD_1);
      FloatVector w7 = v6.rearrange(SWAP_1).blend(v7, ODD_1);
      v0 = w0.blend(w2.rearrange(SWAP_2), ODD_2);
      v2 = w0.rearrange(SWAP_2).blend(w2, ODD_2);
      v1 = w1.blend(w3.rearrange(SWAP_2), ODD_2);
      v3 = w1.rearrange(SWAP_2).blend(w3, ODD_2);
      v4 = w4.blend(w6.rearrange(SWAP_2), ODD_2);
      v6 = w4.rearrange(SWAP_2).blend(w6, ODD_2);
      v5 = w5.blend(w7.rearrange(SWAP_2), ODD_2);
      v7 = w5.rearrange(SWAP_2).blend(w7, ODD_2);
      w0 = v0.blend(v4.rearrange(SWAP_4), ODD_4);
      w4 = v0.rearrange(SWAP_4).blend(v4, ODD_4);
      w1 = v1.blend(v5.rearrange(SWAP_4), ODD_4);
      w5 = v1.rearrange(SWAP_4).blend(v5, ODD_4);
      w2 = v2.blend(v6.rearrange(SWAP_4), ODD_4);
      w6 = v2.rearrange(SWAP_4).blend(v6, ODD_4);
      w3 = v3.blend(v7.rearrange(SWAP_4), ODD_4);
      w7 = v3.rearrange(SWAP_4).blend(v7, ODD_4);
      w0.intoArray(a, column);
      w1.intoArray(a, column + 1 * step);
      w2.intoArray(a, column + 2 * step);
      w3.intoArray(a, column + 3 * step);
      w4.intoArray(a, column + 4 * step);
      w5.intoArray(a, column + 5 * step);
      w6.intoArray(a, column + 6 * step);
      w7.intoArray(a, column + 7 * step);
      if (L == 2 * SQUARE) { // the second square's columns are in the upper halves
        w0.rearrange(SWAP_8).blend(w1, ODD_8).intoArray(a, column + 8 * step);
        w2.rearrange(SWAP_8).blend(w3, ODD_8).intoArray(a, column + 10 * step);
        w4.rearrange(SWAP_8).blend(w5, ODD_8).intoArray(a, column + 12 * step);
        w6.rearrange(SWAP_8).blend(w7, ODD_8).intoArray(a, column + 14 * step);
      }
    }
    ScalarTile.interleaveEight(x, from + p, stride, depth - p, a, to + p * step, step);
  }
}
