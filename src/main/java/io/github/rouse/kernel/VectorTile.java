package io.github.rouse.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link ScalarTile}: 24 sums stay in registers while A is broadcast into rows
 * of B.
 *
 * <p>Written out by hand because C2 keeps only named locals in registers. One species for the whole
 * JVM: a second shape made JDK 17 box every vector.
 */
final class VectorTile implements Tile {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  @Override
  public int columns() {
    return 3 * L;
  }

  @Override
  public void multiply(
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

  @Override
  public int narrowColumns() {
    return L;
  }

  @Override
  public void multiplyNarrow(
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
}
