// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

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
  public void lastPass(float[] x, float[] y, int half) {
    for (int i = 0; i < half; i++) {
      y[i] = x[i] + x[half + i];
      y[half + i] = x[i] - x[half + i];
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
  public void powersOfPairs(float[] re, float[] im, int length, int lanes, float[] power) {
    int second = (length / 2 + 1) * lanes;
    for (int k = 0; k <= length / 2; k++) {
      int a = k * lanes;
      int b = (length - k) % length * lanes;
      for (int i = 0; i < lanes; i++) {
        float firstR = re[a + i] + re[b + i];
        float firstI = im[a + i] - im[b + i];
        float secondR = im[a + i] + im[b + i];
        float secondI = re[b + i] - re[a + i];
        power[a + i] = Math.fma(firstR, firstR, firstI * firstI);
        power[second + a + i] = Math.fma(secondR, secondR, secondI * secondI);
      }
    }
  }

  @Override
  public void smooth(
      float[] from, float[] to, int at, int bins, int lanes, int halfWidth, float floor) {
    float share = 1f / (2 * halfWidth + 1);
    for (int k = 0; k < bins; k++) {
      int first = at + Math.max(0, k - halfWidth) * lanes;
      int last = at + Math.min(bins - 1, k + halfWidth) * lanes;
      int out = at + k * lanes;
      for (int i = 0; i < lanes; i++) {
        float sum = 0;
        for (int row = first; row <= last; row += lanes) {
          sum += from[row + i];
        }
        to[out + i] = Math.fma(share, sum, floor);
      }
    }
  }

  @Override
  public void stretchGains(
      float[] envelope, int at, int bins, int lanes, double factor, float largest, float[] gains) {
    for (int k = 0; k < bins; k++) {
      double source = Math.min(k / factor, bins - 2);
      int below = (int) source;
      float part = (float) (source - below);
      int from = at + below * lanes;
      int row = at + k * lanes;
      for (int i = 0; i < lanes; i++) {
        float rise = envelope[from + lanes + i] - envelope[from + i];
        float moved = Math.fma(part, rise, envelope[from + i]);
        gains[row + i] = Math.min(largest, (float) Math.sqrt(moved / envelope[row + i]));
      }
    }
  }

  @Override
  public void scalePairs(float[] re, float[] im, int length, int lanes, float[] gains) {
    int second = (length / 2 + 1) * lanes;
    for (int k = 0; k <= length / 2; k++) {
      int a = k * lanes;
      int b = (length - k) % length * lanes;
      for (int i = 0; i < lanes; i++) {
        float gain = gains[a + i];
        float otherGain = gains[second + a + i];
        float firstR = gain * (re[a + i] + re[b + i]);
        float firstI = gain * (im[a + i] - im[b + i]);
        float turnedR = otherGain * (re[a + i] - re[b + i]); // the second, times i
        float turnedI = otherGain * (im[a + i] + im[b + i]);
        re[a + i] = firstR + turnedR;
        im[a + i] = firstI + turnedI;
        re[b + i] = firstR - turnedR;
        im[b + i] = turnedI - firstI;
      }
    }
  }

  @Override
  public void convolve(
      float[] xr,
      float[] xi,
      float[] partR,
      float[] partI,
      int parts,
      int length,
      int blocks,
      float[] outR,
      float[] outI) {
    for (int k = 0; k < length; k++) {
      int first = k * (parts - 1 + blocks) + parts - 1;
      for (int block = 0; block < blocks; block++) {
        float re = 0;
        float im = 0;
        for (int part = 0; part < parts; part++) {
          float r = partR[k * parts + part];
          float i = partI[k * parts + part];
          int at = first + block - part;
          re = Math.fma(xi[at], -i, Math.fma(xr[at], r, re));
          im = Math.fma(xi[at], r, Math.fma(xr[at], i, im));
        }
        outR[k * blocks + block] = re;
        outI[k * blocks + block] = im;
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

  // Four terms at a time load and store each sum a quarter as often.
  @Override
  public void correlate(float[] a, int terms, float[] x, int places, float[] sums) {
    Arrays.fill(sums, 0, places, 0f);
    int i = 0;
    for (; i + 3 < terms; i += 4) {
      for (int p = 0; p < places; p++) {
        float sum = Math.fma(a[i], x[p + i], sums[p]);
        sum = Math.fma(a[i + 1], x[p + i + 1], sum);
        sum = Math.fma(a[i + 2], x[p + i + 2], sum);
        sums[p] = Math.fma(a[i + 3], x[p + i + 3], sum);
      }
    }
    for (; i < terms; i++) {
      for (int p = 0; p < places; p++) {
        sums[p] = Math.fma(a[i], x[p + i], sums[p]);
      }
    }
  }

  @Override
  public void filterBands(
      int[] first,
      float[][] taps,
      float[] panel,
      float[] x,
      int from,
      int apart,
      float[] y,
      int to,
      int outApart) {
    for (int j = 0; j < BandedFilter.OUTPUTS; j++) {
      float[] own = taps[j];
      for (int stretch = 0; stretch < BandedFilter.STRETCHES; stretch++) {
        int at = from + stretch * apart + first[j];
        float sum = 0;
        for (int k = 0; k < BandedFilter.TAPS; k++) {
          sum = Math.fma(x[at + k], own[k], sum);
        }
        y[to + stretch * outApart + j] = sum;
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
