package io.github.rouse.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link ScalarTile}: up to 24 sums stay in registers while A is broadcast into
 * rows of B, one to three vectors wide. A tile of one vector has half the speed of the others.
 *
 * <p>Written out by hand because C2 keeps only named locals in registers. One species for the whole
 * JVM: a second shape made JDK 17 box every vector.
 */
final class VectorTile implements Tile {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  // Lanes in groups of 1, 2, 4, 8: every second group, and each changed with its neighbour.
  private static final VectorMask<Float> ODD_1 = odd(1);
  private static final VectorMask<Float> ODD_2 = odd(2);
  private static final VectorMask<Float> ODD_4 = odd(4);
  private static final VectorMask<Float> ODD_8 = odd(8);
  private static final VectorShuffle<Float> CHANGED_1 = changed(1);
  private static final VectorShuffle<Float> CHANGED_2 = changed(2);
  private static final VectorShuffle<Float> CHANGED_4 = changed(4);
  private static final VectorShuffle<Float> CHANGED_8 = changed(8);

  private static VectorMask<Float> odd(int group) {
    boolean[] lanes = new boolean[L];
    for (int i = 0; i < L; i++) {
      lanes[i] = i / group % 2 == 1;
    }
    return VectorMask.fromArray(S, lanes, 0);
  }

  private static VectorShuffle<Float> changed(int group) {
    return VectorShuffle.fromOp(S, i -> (i ^ group) % L);
  }

  @Override
  public int columns() {
    return L;
  }

  @Override
  public int widest() {
    return 3 * L;
  }

  /** Four vectors are two and two, not three and one. */
  @Override
  public int width(int columns) {
    return columns == 4 * L ? 2 * L : Math.min(columns, 3 * L);
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
    if (width == 3 * L) {
      multiplyThree(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    } else if (width == 2 * L) {
      multiplyTwo(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    } else {
      multiplyOne(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    }
  }

  @Override
  public Weights weights(float[][] rows) {
    boolean wide = rows.length > 0 && rows[0].length > L;
    return wide ? new VectorWeights(rows) : new ScalarWeights(rows);
  }

  private static void multiplyThree(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride) {
    int r0 = cFrom;
    int r1 = cFrom + cStride;
    int r2 = cFrom + 2 * cStride;
    int r3 = cFrom + 3 * cStride;
    int r4 = cFrom + 4 * cStride;
    int r5 = cFrom + 5 * cStride;
    int r6 = cFrom + 6 * cStride;
    int r7 = cFrom + 7 * cStride;
    FloatVector x0 = FloatVector.fromArray(S, c, r0);
    FloatVector y0 = FloatVector.fromArray(S, c, r0 + L);
    FloatVector z0 = FloatVector.fromArray(S, c, r0 + 2 * L);
    FloatVector x1 = FloatVector.fromArray(S, c, r1);
    FloatVector y1 = FloatVector.fromArray(S, c, r1 + L);
    FloatVector z1 = FloatVector.fromArray(S, c, r1 + 2 * L);
    FloatVector x2 = FloatVector.fromArray(S, c, r2);
    FloatVector y2 = FloatVector.fromArray(S, c, r2 + L);
    FloatVector z2 = FloatVector.fromArray(S, c, r2 + 2 * L);
    FloatVector x3 = FloatVector.fromArray(S, c, r3);
    FloatVector y3 = FloatVector.fromArray(S, c, r3 + L);
    FloatVector z3 = FloatVector.fromArray(S, c, r3 + 2 * L);
    FloatVector x4 = FloatVector.fromArray(S, c, r4);
    FloatVector y4 = FloatVector.fromArray(S, c, r4 + L);
    FloatVector z4 = FloatVector.fromArray(S, c, r4 + 2 * L);
    FloatVector x5 = FloatVector.fromArray(S, c, r5);
    FloatVector y5 = FloatVector.fromArray(S, c, r5 + L);
    FloatVector z5 = FloatVector.fromArray(S, c, r5 + 2 * L);
    FloatVector x6 = FloatVector.fromArray(S, c, r6);
    FloatVector y6 = FloatVector.fromArray(S, c, r6 + L);
    FloatVector z6 = FloatVector.fromArray(S, c, r6 + 2 * L);
    FloatVector x7 = FloatVector.fromArray(S, c, r7);
    FloatVector y7 = FloatVector.fromArray(S, c, r7 + L);
    FloatVector z7 = FloatVector.fromArray(S, c, r7 + 2 * L);
    int ap = aFrom;
    int bp = bFrom;
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector z = FloatVector.fromArray(S, b, bp + 2 * L);
      FloatVector a0 = FloatVector.broadcast(S, a[ap]);
      x0 = a0.fma(x, x0);
      y0 = a0.fma(y, y0);
      z0 = a0.fma(z, z0);
      FloatVector a1 = FloatVector.broadcast(S, a[ap + 1]);
      x1 = a1.fma(x, x1);
      y1 = a1.fma(y, y1);
      z1 = a1.fma(z, z1);
      FloatVector a2 = FloatVector.broadcast(S, a[ap + 2]);
      x2 = a2.fma(x, x2);
      y2 = a2.fma(y, y2);
      z2 = a2.fma(z, z2);
      FloatVector a3 = FloatVector.broadcast(S, a[ap + 3]);
      x3 = a3.fma(x, x3);
      y3 = a3.fma(y, y3);
      z3 = a3.fma(z, z3);
      FloatVector a4 = FloatVector.broadcast(S, a[ap + 4]);
      x4 = a4.fma(x, x4);
      y4 = a4.fma(y, y4);
      z4 = a4.fma(z, z4);
      FloatVector a5 = FloatVector.broadcast(S, a[ap + 5]);
      x5 = a5.fma(x, x5);
      y5 = a5.fma(y, y5);
      z5 = a5.fma(z, z5);
      FloatVector a6 = FloatVector.broadcast(S, a[ap + 6]);
      x6 = a6.fma(x, x6);
      y6 = a6.fma(y, y6);
      z6 = a6.fma(z, z6);
      FloatVector a7 = FloatVector.broadcast(S, a[ap + 7]);
      x7 = a7.fma(x, x7);
      y7 = a7.fma(y, y7);
      z7 = a7.fma(z, z7);
      ap += ROWS;
      bp += 3 * L;
    }
    x0.intoArray(c, r0);
    y0.intoArray(c, r0 + L);
    z0.intoArray(c, r0 + 2 * L);
    x1.intoArray(c, r1);
    y1.intoArray(c, r1 + L);
    z1.intoArray(c, r1 + 2 * L);
    x2.intoArray(c, r2);
    y2.intoArray(c, r2 + L);
    z2.intoArray(c, r2 + 2 * L);
    x3.intoArray(c, r3);
    y3.intoArray(c, r3 + L);
    z3.intoArray(c, r3 + 2 * L);
    x4.intoArray(c, r4);
    y4.intoArray(c, r4 + L);
    z4.intoArray(c, r4 + 2 * L);
    x5.intoArray(c, r5);
    y5.intoArray(c, r5 + L);
    z5.intoArray(c, r5 + 2 * L);
    x6.intoArray(c, r6);
    y6.intoArray(c, r6 + L);
    z6.intoArray(c, r6 + 2 * L);
    x7.intoArray(c, r7);
    y7.intoArray(c, r7 + L);
    z7.intoArray(c, r7 + 2 * L);
  }

  private static void multiplyTwo(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride) {
    int r0 = cFrom;
    int r1 = cFrom + cStride;
    int r2 = cFrom + 2 * cStride;
    int r3 = cFrom + 3 * cStride;
    int r4 = cFrom + 4 * cStride;
    int r5 = cFrom + 5 * cStride;
    int r6 = cFrom + 6 * cStride;
    int r7 = cFrom + 7 * cStride;
    FloatVector x0 = FloatVector.fromArray(S, c, r0);
    FloatVector y0 = FloatVector.fromArray(S, c, r0 + L);
    FloatVector x1 = FloatVector.fromArray(S, c, r1);
    FloatVector y1 = FloatVector.fromArray(S, c, r1 + L);
    FloatVector x2 = FloatVector.fromArray(S, c, r2);
    FloatVector y2 = FloatVector.fromArray(S, c, r2 + L);
    FloatVector x3 = FloatVector.fromArray(S, c, r3);
    FloatVector y3 = FloatVector.fromArray(S, c, r3 + L);
    FloatVector x4 = FloatVector.fromArray(S, c, r4);
    FloatVector y4 = FloatVector.fromArray(S, c, r4 + L);
    FloatVector x5 = FloatVector.fromArray(S, c, r5);
    FloatVector y5 = FloatVector.fromArray(S, c, r5 + L);
    FloatVector x6 = FloatVector.fromArray(S, c, r6);
    FloatVector y6 = FloatVector.fromArray(S, c, r6 + L);
    FloatVector x7 = FloatVector.fromArray(S, c, r7);
    FloatVector y7 = FloatVector.fromArray(S, c, r7 + L);
    int ap = aFrom;
    int bp = bFrom;
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.fromArray(S, b, bp);
      FloatVector y = FloatVector.fromArray(S, b, bp + L);
      FloatVector a0 = FloatVector.broadcast(S, a[ap]);
      x0 = a0.fma(x, x0);
      y0 = a0.fma(y, y0);
      FloatVector a1 = FloatVector.broadcast(S, a[ap + 1]);
      x1 = a1.fma(x, x1);
      y1 = a1.fma(y, y1);
      FloatVector a2 = FloatVector.broadcast(S, a[ap + 2]);
      x2 = a2.fma(x, x2);
      y2 = a2.fma(y, y2);
      FloatVector a3 = FloatVector.broadcast(S, a[ap + 3]);
      x3 = a3.fma(x, x3);
      y3 = a3.fma(y, y3);
      FloatVector a4 = FloatVector.broadcast(S, a[ap + 4]);
      x4 = a4.fma(x, x4);
      y4 = a4.fma(y, y4);
      FloatVector a5 = FloatVector.broadcast(S, a[ap + 5]);
      x5 = a5.fma(x, x5);
      y5 = a5.fma(y, y5);
      FloatVector a6 = FloatVector.broadcast(S, a[ap + 6]);
      x6 = a6.fma(x, x6);
      y6 = a6.fma(y, y6);
      FloatVector a7 = FloatVector.broadcast(S, a[ap + 7]);
      x7 = a7.fma(x, x7);
      y7 = a7.fma(y, y7);
      ap += ROWS;
      bp += 2 * L;
    }
    x0.intoArray(c, r0);
    y0.intoArray(c, r0 + L);
    x1.intoArray(c, r1);
    y1.intoArray(c, r1 + L);
    x2.intoArray(c, r2);
    y2.intoArray(c, r2 + L);
    x3.intoArray(c, r3);
    y3.intoArray(c, r3 + L);
    x4.intoArray(c, r4);
    y4.intoArray(c, r4 + L);
    x5.intoArray(c, r5);
    y5.intoArray(c, r5 + L);
    x6.intoArray(c, r6);
    y6.intoArray(c, r6 + L);
    x7.intoArray(c, r7);
    y7.intoArray(c, r7 + L);
  }

  private static void multiplyOne(
      int depth, float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int cStride) {
    int r0 = cFrom;
    int r1 = cFrom + cStride;
    int r2 = cFrom + 2 * cStride;
    int r3 = cFrom + 3 * cStride;
    int r4 = cFrom + 4 * cStride;
    int r5 = cFrom + 5 * cStride;
    int r6 = cFrom + 6 * cStride;
    int r7 = cFrom + 7 * cStride;
    FloatVector x0 = FloatVector.fromArray(S, c, r0);
    FloatVector x1 = FloatVector.fromArray(S, c, r1);
    FloatVector x2 = FloatVector.fromArray(S, c, r2);
    FloatVector x3 = FloatVector.fromArray(S, c, r3);
    FloatVector x4 = FloatVector.fromArray(S, c, r4);
    FloatVector x5 = FloatVector.fromArray(S, c, r5);
    FloatVector x6 = FloatVector.fromArray(S, c, r6);
    FloatVector x7 = FloatVector.fromArray(S, c, r7);
    int ap = aFrom;
    int bp = bFrom;
    for (int p = 0; p < depth; p++) {
      FloatVector x = FloatVector.fromArray(S, b, bp);
      x0 = FloatVector.broadcast(S, a[ap]).fma(x, x0);
      x1 = FloatVector.broadcast(S, a[ap + 1]).fma(x, x1);
      x2 = FloatVector.broadcast(S, a[ap + 2]).fma(x, x2);
      x3 = FloatVector.broadcast(S, a[ap + 3]).fma(x, x3);
      x4 = FloatVector.broadcast(S, a[ap + 4]).fma(x, x4);
      x5 = FloatVector.broadcast(S, a[ap + 5]).fma(x, x5);
      x6 = FloatVector.broadcast(S, a[ap + 6]).fma(x, x6);
      x7 = FloatVector.broadcast(S, a[ap + 7]).fma(x, x7);
      ap += ROWS;
      bp += L;
    }
    x0.intoArray(c, r0);
    x1.intoArray(c, r1);
    x2.intoArray(c, r2);
    x3.intoArray(c, r3);
    x4.intoArray(c, r4);
    x5.intoArray(c, r5);
    x6.intoArray(c, r6);
    x7.intoArray(c, r7);
  }

  /**
   * Transposes squares of eight in three rounds, in each of which pairs of vectors exchange halves
   * (Eklundh 1972). With vectors of 16, two squares at once lie side by side.
   */
  @Override
  public void interleave(float[] x, int from, int stride, int depth, float[] a, int to) {
    int p = 0;
    for (; (L == ROWS || L == 2 * ROWS) && p + L <= depth; p += L) {
      int at = from + p;
      int column = to + p * ROWS;
      FloatVector v0 = FloatVector.fromArray(S, x, at);
      FloatVector v1 = FloatVector.fromArray(S, x, at + stride);
      FloatVector v2 = FloatVector.fromArray(S, x, at + 2 * stride);
      FloatVector v3 = FloatVector.fromArray(S, x, at + 3 * stride);
      FloatVector v4 = FloatVector.fromArray(S, x, at + 4 * stride);
      FloatVector v5 = FloatVector.fromArray(S, x, at + 5 * stride);
      FloatVector v6 = FloatVector.fromArray(S, x, at + 6 * stride);
      FloatVector v7 = FloatVector.fromArray(S, x, at + 7 * stride);
      FloatVector w0 = v0.blend(v1.rearrange(CHANGED_1), ODD_1);
      FloatVector w1 = v0.rearrange(CHANGED_1).blend(v1, ODD_1);
      FloatVector w2 = v2.blend(v3.rearrange(CHANGED_1), ODD_1);
      FloatVector w3 = v2.rearrange(CHANGED_1).blend(v3, ODD_1);
      FloatVector w4 = v4.blend(v5.rearrange(CHANGED_1), ODD_1);
      FloatVector w5 = v4.rearrange(CHANGED_1).blend(v5, ODD_1);
      FloatVector w6 = v6.blend(v7.rearrange(CHANGED_1), ODD_1);
      FloatVector w7 = v6.rearrange(CHANGED_1).blend(v7, ODD_1);
      v0 = w0.blend(w2.rearrange(CHANGED_2), ODD_2);
      v2 = w0.rearrange(CHANGED_2).blend(w2, ODD_2);
      v1 = w1.blend(w3.rearrange(CHANGED_2), ODD_2);
      v3 = w1.rearrange(CHANGED_2).blend(w3, ODD_2);
      v4 = w4.blend(w6.rearrange(CHANGED_2), ODD_2);
      v6 = w4.rearrange(CHANGED_2).blend(w6, ODD_2);
      v5 = w5.blend(w7.rearrange(CHANGED_2), ODD_2);
      v7 = w5.rearrange(CHANGED_2).blend(w7, ODD_2);
      w0 = v0.blend(v4.rearrange(CHANGED_4), ODD_4);
      w4 = v0.rearrange(CHANGED_4).blend(v4, ODD_4);
      w1 = v1.blend(v5.rearrange(CHANGED_4), ODD_4);
      w5 = v1.rearrange(CHANGED_4).blend(v5, ODD_4);
      w2 = v2.blend(v6.rearrange(CHANGED_4), ODD_4);
      w6 = v2.rearrange(CHANGED_4).blend(v6, ODD_4);
      w3 = v3.blend(v7.rearrange(CHANGED_4), ODD_4);
      w7 = v3.rearrange(CHANGED_4).blend(v7, ODD_4);
      w0.intoArray(a, column);
      w1.intoArray(a, column + 1 * ROWS);
      w2.intoArray(a, column + 2 * ROWS);
      w3.intoArray(a, column + 3 * ROWS);
      w4.intoArray(a, column + 4 * ROWS);
      w5.intoArray(a, column + 5 * ROWS);
      w6.intoArray(a, column + 6 * ROWS);
      w7.intoArray(a, column + 7 * ROWS);
      if (L == 2 * ROWS) { // the second square's columns are in the upper halves
        w0.rearrange(CHANGED_8).blend(w1, ODD_8).intoArray(a, column + 8 * ROWS);
        w2.rearrange(CHANGED_8).blend(w3, ODD_8).intoArray(a, column + 10 * ROWS);
        w4.rearrange(CHANGED_8).blend(w5, ODD_8).intoArray(a, column + 12 * ROWS);
        w6.rearrange(CHANGED_8).blend(w7, ODD_8).intoArray(a, column + 14 * ROWS);
      }
    }
    ScalarTile.interleaveRows(x, from + p, stride, depth - p, a, to + p * ROWS);
  }
}
