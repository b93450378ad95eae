// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * The reference implementation, in a form that C2 vectorises: each input is broadcast and
 * multiplied into a whole row of outputs. On JDK 17 this is about three times as fast as a loop
 * over one flat array, whose offsets C2 cannot prove aligned.
 *
 * @param rows [inputs][outputs]
 */
public record ScalarWeights(float[][] rows) implements Weights {
  @Override
  public void addProduct(float[][] x, float[][] y, int count) {
    int r = 0;
    for (; r + 4 <= count; r += 4) {
      addFour(x[r], x[r + 1], x[r + 2], x[r + 3], y[r], y[r + 1], y[r + 2], y[r + 3]);
    }
    for (; r < count; r++) {
      addOne(x[r], y[r]);
    }
  }

  private void addOne(float[] x, float[] y) {
    int i = 0;
    for (; i + 4 <= x.length; i += 4) {
      addRows(
          x[i], x[i + 1], x[i + 2], x[i + 3], rows[i], rows[i + 1], rows[i + 2], rows[i + 3], y);
    }
    for (; i < x.length; i++) {
      addRow(x[i], rows[i], y);
    }
  }

  private void addFour(
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    int i = 0;
    for (; i + 2 <= x0.length; i += 2) {
      int k = i + 1;
      float[] w = rows[i];
      float[] v = rows[k];
      addToFour(x0[i], x1[i], x2[i], x3[i], w, x0[k], x1[k], x2[k], x3[k], v, y0, y1, y2, y3);
    }
    if (i < x0.length) {
      addRow(x0[i], rows[i], y0);
      addRow(x1[i], rows[i], y1);
      addRow(x2[i], rows[i], y2);
      addRow(x3[i], rows[i], y3);
    }
  }

  // Two rows of weights for four of outputs: JDK 17 does not vectorise more.
  private static void addToFour(
      float a,
      float b,
      float c,
      float d,
      float[] w,
      float e,
      float f,
      float g,
      float h,
      float[] v,
      float[] y0,
      float[] y1,
      float[] y2,
      float[] y3) {
    for (int o = 0; o < w.length; o++) {
      float first = w[o];
      float second = v[o];
      y0[o] = Math.fma(e, second, Math.fma(a, first, y0[o]));
      y1[o] = Math.fma(f, second, Math.fma(b, first, y1[o]));
      y2[o] = Math.fma(g, second, Math.fma(c, first, y2[o]));
      y3[o] = Math.fma(h, second, Math.fma(d, first, y3[o]));
    }
  }

  // Four rows a pass: one load and store of y serves four multiply-adds.
  private static void addRows(
      float a, float b, float c, float d, float[] p, float[] q, float[] r, float[] s, float[] y) {
    for (int o = 0; o < y.length; o++) {
      float sum = Math.fma(b, q[o], Math.fma(a, p[o], y[o]));
      y[o] = Math.fma(d, s[o], Math.fma(c, r[o], sum));
    }
  }

  private static void addRow(float a, float[] p, float[] y) {
    for (int o = 0; o < y.length; o++) {
      y[o] = Math.fma(a, p[o], y[o]);
    }
  }
}
