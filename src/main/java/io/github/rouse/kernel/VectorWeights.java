package io.github.rouse.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link ScalarWeights}: the outputs of one, four or eight rows stay in
 * registers while weights stream past, in panels two or three vectors wide.
 *
 * <p>Written out by hand, and of one species, for the reasons that {@link VectorTile} tells. The
 * last vector ends with the last output; where it overlaps the one before, its weights are zeros,
 * and the one before is stored after it.
 */
final class VectorWeights implements Weights {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final boolean SUMS_FIT = L == 16; // AVX-512 has 32 registers, AVX2 16

  private final int inputs;
  private final int outputs; // more than a vector
  private final int vectors;
  private final float[] panels; // [panels][inputs][vectors of the panel][L]

  /** Lays out rows wider than a vector, so that no panel is of one alone. */
  VectorWeights(float[][] rows) {
    inputs = rows.length;
    outputs = rows[0].length;
    vectors = (outputs + L - 1) / L;
    panels = new float[inputs * vectors * L];
    int at = 0;
    int width;
    for (int v = 0; v < vectors; v += width) {
      width = width(v);
      for (float[] row : rows) {
        for (int k = v; k < v + width; k++) {
          int skipped = k * L - offset(k); // columns of the vector before
          System.arraycopy(row, k * L, panels, at + skipped, L - skipped);
          at += L;
        }
      }
    }
  }

  /** Vectors of the panel that begins with one: four are two and two, not three and one. */
  private int width(int vector) {
    int left = vectors - vector;
    return left == 4 ? 2 : Math.min(3, left);
  }

  /** The first output of a vector. */
  private int offset(int vector) {
    return Math.min(vector * L, outputs - L);
  }

  @Override
  public void addProduct(float[][] x, float[][] y, int count) {
    int at = 0;
    int width;
    for (int v = 0; v < vectors; v += width) {
      width = width(v);
      int r = 0;
      for (; SUMS_FIT && r + 8 <= count; r += 8) {
        if (width == 3) {
          eightByThree(x, y, r, at, offset(v), offset(v + 1), offset(v + 2));
        } else {
          eightByTwo(x, y, r, at, offset(v), offset(v + 1));
        }
      }
      for (; r + 4 <= count; r += 4) {
        if (width == 3) {
          fourByThree(x, y, r, at, offset(v), offset(v + 1), offset(v + 2));
        } else {
          fourByTwo(x, y, r, at, offset(v), offset(v + 1));
        }
      }
      for (; r < count; r++) {
        if (width == 3) {
          oneByThree(x[r], y[r], at, offset(v), offset(v + 1), offset(v + 2));
        } else {
          oneByTwo(x[r], y[r], at, offset(v), offset(v + 1));
        }
      }
      at += inputs * width * L;
    }
  }

  private void eightByThree(float[][] x, float[][] y, int row, int panel, int o0, int o1, int o2) {
    float[] in0 = x[row];
    float[] out0 = y[row];
    float[] in1 = x[row + 1];
    float[] out1 = y[row + 1];
    float[] in2 = x[row + 2];
    float[] out2 = y[row + 2];
    float[] in3 = x[row + 3];
    float[] out3 = y[row + 3];
    float[] in4 = x[row + 4];
    float[] out4 = y[row + 4];
    float[] in5 = x[row + 5];
    float[] out5 = y[row + 5];
    float[] in6 = x[row + 6];
    float[] out6 = y[row + 6];
    float[] in7 = x[row + 7];
    float[] out7 = y[row + 7];
    FloatVector s00 = FloatVector.fromArray(S, out0, o0);
    FloatVector s01 = FloatVector.fromArray(S, out0, o1);
    FloatVector s02 = FloatVector.fromArray(S, out0, o2);
    FloatVector s10 = FloatVector.fromArray(S, out1, o0);
    FloatVector s11 = FloatVector.fromArray(S, out1, o1);
    FloatVector s12 = FloatVector.fromArray(S, out1, o2);
    FloatVector s20 = FloatVector.fromArray(S, out2, o0);
    FloatVector s21 = FloatVector.fromArray(S, out2, o1);
    FloatVector s22 = FloatVector.fromArray(S, out2, o2);
    FloatVector s30 = FloatVector.fromArray(S, out3, o0);
    FloatVector s31 = FloatVector.fromArray(S, out3, o1);
    FloatVector s32 = FloatVector.fromArray(S, out3, o2);
    FloatVector s40 = FloatVector.fromArray(S, out4, o0);
    FloatVector s41 = FloatVector.fromArray(S, out4, o1);
    FloatVector s42 = FloatVector.fromArray(S, out4, o2);
    FloatVector s50 = FloatVector.fromArray(S, out5, o0);
    FloatVector s51 = FloatVector.fromArray(S, out5, o1);
    FloatVector s52 = FloatVector.fromArray(S, out5, o2);
    FloatVector s60 = FloatVector.fromArray(S, out6, o0);
    FloatVector s61 = FloatVector.fromArray(S, out6, o1);
    FloatVector s62 = FloatVector.fromArray(S, out6, o2);
    FloatVector s70 = FloatVector.fromArray(S, out7, o0);
    FloatVector s71 = FloatVector.fromArray(S, out7, o1);
    FloatVector s72 = FloatVector.fromArray(S, out7, o2);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector w0 = FloatVector.fromArray(S, panels, at);
      FloatVector w1 = FloatVector.fromArray(S, panels, at + L);
      FloatVector w2 = FloatVector.fromArray(S, panels, at + 2 * L);
      FloatVector a0 = FloatVector.broadcast(S, in0[i]);
      s00 = a0.fma(w0, s00);
      s01 = a0.fma(w1, s01);
      s02 = a0.fma(w2, s02);
      FloatVector a1 = FloatVector.broadcast(S, in1[i]);
      s10 = a1.fma(w0, s10);
      s11 = a1.fma(w1, s11);
      s12 = a1.fma(w2, s12);
      FloatVector a2 = FloatVector.broadcast(S, in2[i]);
      s20 = a2.fma(w0, s20);
      s21 = a2.fma(w1, s21);
      s22 = a2.fma(w2, s22);
      FloatVector a3 = FloatVector.broadcast(S, in3[i]);
      s30 = a3.fma(w0, s30);
      s31 = a3.fma(w1, s31);
      s32 = a3.fma(w2, s32);
      FloatVector a4 = FloatVector.broadcast(S, in4[i]);
      s40 = a4.fma(w0, s40);
      s41 = a4.fma(w1, s41);
      s42 = a4.fma(w2, s42);
      FloatVector a5 = FloatVector.broadcast(S, in5[i]);
      s50 = a5.fma(w0, s50);
      s51 = a5.fma(w1, s51);
      s52 = a5.fma(w2, s52);
      FloatVector a6 = FloatVector.broadcast(S, in6[i]);
      s60 = a6.fma(w0, s60);
      s61 = a6.fma(w1, s61);
      s62 = a6.fma(w2, s62);
      FloatVector a7 = FloatVector.broadcast(S, in7[i]);
      s70 = a7.fma(w0, s70);
      s71 = a7.fma(w1, s71);
      s72 = a7.fma(w2, s72);
      at += 3 * L;
    }
    s02.intoArray(out0, o2);
    s01.intoArray(out0, o1);
    s00.intoArray(out0, o0);
    s12.intoArray(out1, o2);
    s11.intoArray(out1, o1);
    s10.intoArray(out1, o0);
    s22.intoArray(out2, o2);
    s21.intoArray(out2, o1);
    s20.intoArray(out2, o0);
    s32.intoArray(out3, o2);
    s31.intoArray(out3, o1);
    s30.intoArray(out3, o0);
    s42.intoArray(out4, o2);
    s41.intoArray(out4, o1);
    s40.intoArray(out4, o0);
    s52.intoArray(out5, o2);
    s51.intoArray(out5, o1);
    s50.intoArray(out5, o0);
    s62.intoArray(out6, o2);
    s61.intoArray(out6, o1);
    s60.intoArray(out6, o0);
    s72.intoArray(out7, o2);
    s71.intoArray(out7, o1);
    s70.intoArray(out7, o0);
  }

  private void eightByTwo(float[][] x, float[][] y, int row, int panel, int o0, int o1) {
    float[] in0 = x[row];
    float[] out0 = y[row];
    float[] in1 = x[row + 1];
    float[] out1 = y[row + 1];
    float[] in2 = x[row + 2];
    float[] out2 = y[row + 2];
    float[] in3 = x[row + 3];
    float[] out3 = y[row + 3];
    float[] in4 = x[row + 4];
    float[] out4 = y[row + 4];
    float[] in5 = x[row + 5];
    float[] out5 = y[row + 5];
    float[] in6 = x[row + 6];
    float[] out6 = y[row + 6];
    float[] in7 = x[row + 7];
    float[] out7 = y[row + 7];
    FloatVector s00 = FloatVector.fromArray(S, out0, o0);
    FloatVector s01 = FloatVector.fromArray(S, out0, o1);
    FloatVector s10 = FloatVector.fromArray(S, out1, o0);
    FloatVector s11 = FloatVector.fromArray(S, out1, o1);
    FloatVector s20 = FloatVector.fromArray(S, out2, o0);
    FloatVector s21 = FloatVector.fromArray(S, out2, o1);
    FloatVector s30 = FloatVector.fromArray(S, out3, o0);
    FloatVector s31 = FloatVector.fromArray(S, out3, o1);
    FloatVector s40 = FloatVector.fromArray(S, out4, o0);
    FloatVector s41 = FloatVector.fromArray(S, out4, o1);
    FloatVector s50 = FloatVector.fromArray(S, out5, o0);
    FloatVector s51 = FloatVector.fromArray(S, out5, o1);
    FloatVector s60 = FloatVector.fromArray(S, out6, o0);
    FloatVector s61 = FloatVector.fromArray(S, out6, o1);
    FloatVector s70 = FloatVector.fromArray(S, out7, o0);
    FloatVector s71 = FloatVector.fromArray(S, out7, o1);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector w0 = FloatVector.fromArray(S, panels, at);
      FloatVector w1 = FloatVector.fromArray(S, panels, at + L);
      FloatVector a0 = FloatVector.broadcast(S, in0[i]);
      s00 = a0.fma(w0, s00);
      s01 = a0.fma(w1, s01);
      FloatVector a1 = FloatVector.broadcast(S, in1[i]);
      s10 = a1.fma(w0, s10);
      s11 = a1.fma(w1, s11);
      FloatVector a2 = FloatVector.broadcast(S, in2[i]);
      s20 = a2.fma(w0, s20);
      s21 = a2.fma(w1, s21);
      FloatVector a3 = FloatVector.broadcast(S, in3[i]);
      s30 = a3.fma(w0, s30);
      s31 = a3.fma(w1, s31);
      FloatVector a4 = FloatVector.broadcast(S, in4[i]);
      s40 = a4.fma(w0, s40);
      s41 = a4.fma(w1, s41);
      FloatVector a5 = FloatVector.broadcast(S, in5[i]);
      s50 = a5.fma(w0, s50);
      s51 = a5.fma(w1, s51);
      FloatVector a6 = FloatVector.broadcast(S, in6[i]);
      s60 = a6.fma(w0, s60);
      s61 = a6.fma(w1, s61);
      FloatVector a7 = FloatVector.broadcast(S, in7[i]);
      s70 = a7.fma(w0, s70);
      s71 = a7.fma(w1, s71);
      at += 2 * L;
    }
    s01.intoArray(out0, o1);
    s00.intoArray(out0, o0);
    s11.intoArray(out1, o1);
    s10.intoArray(out1, o0);
    s21.intoArray(out2, o1);
    s20.intoArray(out2, o0);
    s31.intoArray(out3, o1);
    s30.intoArray(out3, o0);
    s41.intoArray(out4, o1);
    s40.intoArray(out4, o0);
    s51.intoArray(out5, o1);
    s50.intoArray(out5, o0);
    s61.intoArray(out6, o1);
    s60.intoArray(out6, o0);
    s71.intoArray(out7, o1);
    s70.intoArray(out7, o0);
  }

  private void fourByThree(float[][] x, float[][] y, int row, int panel, int o0, int o1, int o2) {
    float[] in0 = x[row];
    float[] out0 = y[row];
    float[] in1 = x[row + 1];
    float[] out1 = y[row + 1];
    float[] in2 = x[row + 2];
    float[] out2 = y[row + 2];
    float[] in3 = x[row + 3];
    float[] out3 = y[row + 3];
    FloatVector s00 = FloatVector.fromArray(S, out0, o0);
    FloatVector s01 = FloatVector.fromArray(S, out0, o1);
    FloatVector s02 = FloatVector.fromArray(S, out0, o2);
    FloatVector s10 = FloatVector.fromArray(S, out1, o0);
    FloatVector s11 = FloatVector.fromArray(S, out1, o1);
    FloatVector s12 = FloatVector.fromArray(S, out1, o2);
    FloatVector s20 = FloatVector.fromArray(S, out2, o0);
    FloatVector s21 = FloatVector.fromArray(S, out2, o1);
    FloatVector s22 = FloatVector.fromArray(S, out2, o2);
    FloatVector s30 = FloatVector.fromArray(S, out3, o0);
    FloatVector s31 = FloatVector.fromArray(S, out3, o1);
    FloatVector s32 = FloatVector.fromArray(S, out3, o2);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector w0 = FloatVector.fromArray(S, panels, at);
      FloatVector w1 = FloatVector.fromArray(S, panels, at + L);
      FloatVector w2 = FloatVector.fromArray(S, panels, at + 2 * L);
      FloatVector a0 = FloatVector.broadcast(S, in0[i]);
      s00 = a0.fma(w0, s00);
      s01 = a0.fma(w1, s01);
      s02 = a0.fma(w2, s02);
      FloatVector a1 = FloatVector.broadcast(S, in1[i]);
      s10 = a1.fma(w0, s10);
      s11 = a1.fma(w1, s11);
      s12 = a1.fma(w2, s12);
      FloatVector a2 = FloatVector.broadcast(S, in2[i]);
      s20 = a2.fma(w0, s20);
      s21 = a2.fma(w1, s21);
      s22 = a2.fma(w2, s22);
      FloatVector a3 = FloatVector.broadcast(S, in3[i]);
      s30 = a3.fma(w0, s30);
      s31 = a3.fma(w1, s31);
      s32 = a3.fma(w2, s32);
      at += 3 * L;
    }
    s02.intoArray(out0, o2);
    s01.intoArray(out0, o1);
    s00.intoArray(out0, o0);
    s12.intoArray(out1, o2);
    s11.intoArray(out1, o1);
    s10.intoArray(out1, o0);
    s22.intoArray(out2, o2);
    s21.intoArray(out2, o1);
    s20.intoArray(out2, o0);
    s32.intoArray(out3, o2);
    s31.intoArray(out3, o1);
    s30.intoArray(out3, o0);
  }

  private void fourByTwo(float[][] x, float[][] y, int row, int panel, int o0, int o1) {
    float[] in0 = x[row];
    float[] out0 = y[row];
    float[] in1 = x[row + 1];
    float[] out1 = y[row + 1];
    float[] in2 = x[row + 2];
    float[] out2 = y[row + 2];
    float[] in3 = x[row + 3];
    float[] out3 = y[row + 3];
    FloatVector s00 = FloatVector.fromArray(S, out0, o0);
    FloatVector s01 = FloatVector.fromArray(S, out0, o1);
    FloatVector s10 = FloatVector.fromArray(S, out1, o0);
    FloatVector s11 = FloatVector.fromArray(S, out1, o1);
    FloatVector s20 = FloatVector.fromArray(S, out2, o0);
    FloatVector s21 = FloatVector.fromArray(S, out2, o1);
    FloatVector s30 = FloatVector.fromArray(S, out3, o0);
    FloatVector s31 = FloatVector.fromArray(S, out3, o1);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector w0 = FloatVector.fromArray(S, panels, at);
      FloatVector w1 = FloatVector.fromArray(S, panels, at + L);
      FloatVector a0 = FloatVector.broadcast(S, in0[i]);
      s00 = a0.fma(w0, s00);
      s01 = a0.fma(w1, s01);
      FloatVector a1 = FloatVector.broadcast(S, in1[i]);
      s10 = a1.fma(w0, s10);
      s11 = a1.fma(w1, s11);
      FloatVector a2 = FloatVector.broadcast(S, in2[i]);
      s20 = a2.fma(w0, s20);
      s21 = a2.fma(w1, s21);
      FloatVector a3 = FloatVector.broadcast(S, in3[i]);
      s30 = a3.fma(w0, s30);
      s31 = a3.fma(w1, s31);
      at += 2 * L;
    }
    s01.intoArray(out0, o1);
    s00.intoArray(out0, o0);
    s11.intoArray(out1, o1);
    s10.intoArray(out1, o0);
    s21.intoArray(out2, o1);
    s20.intoArray(out2, o0);
    s31.intoArray(out3, o1);
    s30.intoArray(out3, o0);
  }

  private void oneByThree(float[] x, float[] y, int panel, int o0, int o1, int o2) {
    FloatVector s0 = FloatVector.fromArray(S, y, o0);
    FloatVector s1 = FloatVector.fromArray(S, y, o1);
    FloatVector s2 = FloatVector.fromArray(S, y, o2);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(S, x[i]);
      s0 = a.fma(FloatVector.fromArray(S, panels, at), s0);
      s1 = a.fma(FloatVector.fromArray(S, panels, at + L), s1);
      s2 = a.fma(FloatVector.fromArray(S, panels, at + 2 * L), s2);
      at += 3 * L;
    }
    s2.intoArray(y, o2);
    s1.intoArray(y, o1);
    s0.intoArray(y, o0);
  }

  private void oneByTwo(float[] x, float[] y, int panel, int o0, int o1) {
    FloatVector s0 = FloatVector.fromArray(S, y, o0);
    FloatVector s1 = FloatVector.fromArray(S, y, o1);
    int at = panel;
    for (int i = 0; i < inputs; i++) {
      FloatVector a = FloatVector.broadcast(S, x[i]);
      s0 = a.fma(FloatVector.fromArray(S, panels, at), s0);
      s1 = a.fma(FloatVector.fromArray(S, panels, at + L), s1);
      at += 2 * L;
    }
    s1.intoArray(y, o1);
    s0.intoArray(y, o0);
  }
}
