// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/** The reference implementation of {@link FilterLoops}. */
public final class ScalarFilterLoops implements FilterLoops {
  @Override
  public int unit() {
    return 1;
  }

  @Override
  public void pass(float[] xr, float[] xi, float[] yr, float[] yi, int n, int run, float[] turns) {
    int quarter = n / 4 * run;
    for (int p = 0; p < n / 4; p++) {
      float r1 = turns[6 * p];
      float i1 = turns[6 * p + 1];
      float r2 = turns[6 * p + 2];
      float i2 = turns[6 * p + 3];
      float r3 = turns[6 * p + 4];
      float i3 = turns[6 * p + 5];
      for (int i = 0; i < run; i++) {
        int a = p * run + i;
        int b = a + quarter;
        int c = b + quarter;
        int d = c + quarter;
        float sumR = xr[a] + xr[c];
        float sumI = xi[a] + xi[c];
        float differenceR = xr[a] - xr[c];
        float differenceI = xi[a] - xi[c];
        float otherSumR = xr[b] + xr[d];
        float otherSumI = xi[b] + xi[d];
        float otherR = xr[b] - xr[d];
        float otherI = xi[b] - xi[d];
        int to = 4 * p * run + i;
        yr[to] = sumR + otherSumR;
        yi[to] = sumI + otherSumI;
        float re = differenceR + otherI;
        float im = differenceI - otherR;
        yr[to + run] = Math.fma(re, r1, im * -i1);
        yi[to + run] = Math.fma(re, i1, im * r1);
        re = sumR - otherSumR;
        im = sumI - otherSumI;
        yr[to + 2 * run] = Math.fma(re, r2, im * -i2);
        yi[to + 2 * run] = Math.fma(re, i2, im * r2);
        re = differenceR - otherI;
        im = differenceI + otherR;
        yr[to + 3 * run] = Math.fma(re, r3, im * -i3);
        yi[to + 3 * run] = Math.fma(re, i3, im * r3);
      }
    }
  }

  @Override
  public void powers(float[] re, float[] im, float[] parts, int half, int lanes, float[] power) {
    for (int i = 0; i < lanes; i++) {
      float sum = 2 * (re[i] + im[i]);
      float difference = 2 * (re[i] - im[i]);
      power[i] = sum * sum;
      power[half * lanes + i] = difference * difference;
    }
    for (int k = 1; k <= half / 2; k++) {
      float turnR = parts[2 * k];
      float turnI = parts[2 * k + 1];
      for (int i = 0; i < lanes; i++) {
        int a = k * lanes + i;
        int b = (half - k) * lanes + i;
        float evenR = re[a] + re[b];
        float evenI = im[a] - im[b];
        float oddR = im[a] + im[b];
        float oddI = re[b] - re[a];
        float r = Math.fma(oddR, turnR, oddI * -turnI);
        float j = Math.fma(oddR, turnI, oddI * turnR);
        float aboveR = evenR - r;
        float aboveI = evenI - j;
        power[b] = Math.fma(aboveR, aboveR, aboveI * aboveI);
        float belowR = evenR + r;
        float belowI = evenI + j;
        power[a] = Math.fma(belowR, belowR, belowI * belowI);
      }
    }
  }

  @Override
  public void filter(float[] power, TriangularFilters filters, int lanes, float[] energies) {
    int[] edges = filters.edges();
    float[] rising = filters.rising();
    float[] falling = filters.falling();
    for (int i = 0; i < lanes; i++) {
      float left = 0; // rising half of the previous triangle
      for (int b = 0; b + 1 < edges.length; b++) {
        float up = 0;
        float down = 0;
        for (int k = edges[b]; k < edges[b + 1]; k++) {
          float p = power[k * lanes + i];
          up = Math.fma(p, rising[k], up);
          down = Math.fma(p, falling[k], down);
        }
        if (b > 0) {
          energies[(b - 1) * lanes + i] = left + down;
        }
        left = up;
      }
    }
  }

  @Override
  public void log(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = log(values[i]);
    }
  }

  @Override
  public void exp(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = exp(values[i]);
    }
  }

  private static float log(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits - ROOT_HALF) >> MANTISSA;
    // Between the square roots of a half and of two, less 1.
    float x = Float.intBitsToFloat(bits - (exponent << MANTISSA)) - 1;
    float p = LOG[0];
    for (int k = 1; k < LOG.length; k++) {
      p = Math.fma(x, p, LOG[k]);
    }
    float square = x * x;
    float n = Float.intBitsToFloat(exponent + ROUNDER_BITS) - ROUNDER;
    float rest = Math.fma(square, -0.5f, Math.fma(n, LN_2_LOW, x * square * p));
    return Math.fma(n, LN_2_HIGH, x + rest);
  }

  private static float exp(float value) {
    float rounded = Math.fma(value, INVERSE_LN_2, ROUNDER);
    float n = rounded - ROUNDER;
    float x = Math.fma(n, -LN_2_LOW, Math.fma(n, -LN_2_HIGH, value));
    float p = EXP[0];
    for (int k = 1; k < EXP.length; k++) {
      p = Math.fma(x, p, EXP[k]);
    }
    p = Math.fma(x * x, p, x) + 1;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(rounded) << MANTISSA));
  }
}
