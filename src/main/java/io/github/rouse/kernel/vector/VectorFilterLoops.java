// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel.vector;

import io.github.rouse.kernel.BandedFilter;
import io.github.rouse.kernel.FilterLoops;
import io.github.rouse.kernel.ScalarFilterLoops;
import io.github.rouse.kernel.TriangularFilters;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link ScalarFilterLoops}: the same operations, a vector of lanes at a time.
 */
final class VectorFilterLoops implements FilterLoops {
  private static final VectorSpecies<Float> S = VectorLoops.S;
  private static final int L = VectorLoops.L;

  @Override
  public int unit() {
    return L;
  }

  @Override
  public void pass(float[] xr, float[] xi, float[] yr, float[] yi, int n, int run, float[] turns) {
    int quarter = n / 4 * run;
    for (int p = 0; p < n / 4; p++) {
      FloatVector r1 = FloatVector.broadcast(S, turns[6 * p]);
      FloatVector i1 = FloatVector.broadcast(S, turns[6 * p + 1]);
      FloatVector r2 = FloatVector.broadcast(S, turns[6 * p + 2]);
      FloatVector i2 = FloatVector.broadcast(S, turns[6 * p + 3]);
      FloatVector r3 = FloatVector.broadcast(S, turns[6 * p + 4]);
      FloatVector i3 = FloatVector.broadcast(S, turns[6 * p + 5]);
      int to = 4 * p * run;
      for (int a = p * run; a < (p + 1) * run; a += L, to += L) {
        int b = a + quarter;
        int c = b + quarter;
        int d = c + quarter;
        FloatVector ar = FloatVector.fromArray(S, xr, a);
        FloatVector ai = FloatVector.fromArray(S, xi, a);
        FloatVector br = FloatVector.fromArray(S, xr, b);
        FloatVector bi = FloatVector.fromArray(S, xi, b);
        FloatVector cr = FloatVector.fromArray(S, xr, c);
        FloatVector ci = FloatVector.fromArray(S, xi, c);
        FloatVector dr = FloatVector.fromArray(S, xr, d);
        FloatVector di = FloatVector.fromArray(S, xi, d);
        FloatVector sumR = ar.add(cr);
        FloatVector sumI = ai.add(ci);
        FloatVector differenceR = ar.sub(cr);
        FloatVector differenceI = ai.sub(ci);
        FloatVector otherSumR = br.add(dr);
        FloatVector otherSumI = bi.add(di);
        FloatVector otherR = br.sub(dr);
        FloatVector otherI = bi.sub(di);
        sumR.add(otherSumR).intoArray(yr, to);
        sumI.add(otherSumI).intoArray(yi, to);
        FloatVector re = differenceR.add(otherI);
        FloatVector im = differenceI.sub(otherR);
        re.fma(r1, im.mul(i1.neg())).intoArray(yr, to + run);
        re.fma(i1, im.mul(r1)).intoArray(yi, to + run);
        re = sumR.sub(otherSumR);
        im = sumI.sub(otherSumI);
        re.fma(r2, im.mul(i2.neg())).intoArray(yr, to + 2 * run);
        re.fma(i2, im.mul(r2)).intoArray(yi, to + 2 * run);
        re = differenceR.sub(otherI);
        im = differenceI.add(otherR);
        re.fma(r3, im.mul(i3.neg())).intoArray(yr, to + 3 * run);
        re.fma(i3, im.mul(r3)).intoArray(yi, to + 3 * run);
      }
    }
  }

  @Override
  public void lastPass(float[] x, float[] y, int half) {
    for (int i = 0; i < half; i += L) {
      FloatVector a = FloatVector.fromArray(S, x, i);
      FloatVector b = FloatVector.fromArray(S, x, half + i);
      a.add(b).intoArray(y, i);
      a.sub(b).intoArray(y, half + i);
    }
  }

  @Override
  public void powers(float[] re, float[] im, float[] parts, int half, int lanes, float[] power) {
    for (int i = 0; i < lanes; i += L) {
      FloatVector r = FloatVector.fromArray(S, re, i);
      FloatVector j = FloatVector.fromArray(S, im, i);
      FloatVector sum = r.add(j).mul(2);
      FloatVector difference = r.sub(j).mul(2);
      sum.mul(sum).intoArray(power, i);
      difference.mul(difference).intoArray(power, half * lanes + i);
    }
    for (int k = 1; k <= half / 2; k++) {
      FloatVector turnR = FloatVector.broadcast(S, parts[2 * k]);
      FloatVector turnI = FloatVector.broadcast(S, parts[2 * k + 1]);
      for (int i = 0; i < lanes; i += L) {
        int a = k * lanes + i;
        int b = (half - k) * lanes + i;
        FloatVector ar = FloatVector.fromArray(S, re, a);
        FloatVector ai = FloatVector.fromArray(S, im, a);
        FloatVector br = FloatVector.fromArray(S, re, b);
        FloatVector bi = FloatVector.fromArray(S, im, b);
        FloatVector evenR = ar.add(br);
        FloatVector evenI = ai.sub(bi);
        FloatVector oddR = ai.add(bi);
        FloatVector oddI = br.sub(ar);
        FloatVector r = oddR.fma(turnR, oddI.mul(turnI.neg()));
        FloatVector j = oddR.fma(turnI, oddI.mul(turnR));
        FloatVector aboveR = evenR.sub(r);
        FloatVector aboveI = evenI.sub(j);
        aboveR.fma(aboveR, aboveI.mul(aboveI)).intoArray(power, b);
        FloatVector belowR = evenR.add(r);
        FloatVector belowI = evenI.add(j);
        belowR.fma(belowR, belowI.mul(belowI)).intoArray(power, a);
      }
    }
  }

  @Override
  public void powersOfPairs(float[] re, float[] im, int length, int lanes, float[] power) {
    int second = (length / 2 + 1) * lanes;
    for (int k = 0; k <= length / 2; k++) {
      int b = (length - k) % length * lanes;
      for (int a = k * lanes; a < (k + 1) * lanes; a += L, b += L) {
        FloatVector ar = FloatVector.fromArray(S, re, a);
        FloatVector ai = FloatVector.fromArray(S, im, a);
        FloatVector br = FloatVector.fromArray(S, re, b);
        FloatVector bi = FloatVector.fromArray(S, im, b);
        FloatVector firstR = ar.add(br);
        FloatVector firstI = ai.sub(bi);
        FloatVector secondR = ai.add(bi);
        FloatVector secondI = br.sub(ar);
        firstR.fma(firstR, firstI.mul(firstI)).intoArray(power, a);
        secondR.fma(secondR, secondI.mul(secondI)).intoArray(power, second + a);
      }
    }
  }

  @Override
  public void smooth(
      float[] from, float[] to, int at, int bins, int lanes, int halfWidth, float floor) {
    FloatVector share = FloatVector.broadcast(S, 1f / (2 * halfWidth + 1));
    FloatVector floors = FloatVector.broadcast(S, floor);
    for (int k = 0; k < bins; k++) {
      int first = at + Math.max(0, k - halfWidth) * lanes;
      int last = at + Math.min(bins - 1, k + halfWidth) * lanes;
      int out = at + k * lanes;
      for (int i = 0; i < lanes; i += L) {
        FloatVector sum = FloatVector.fromArray(S, from, first + i);
        for (int row = first + lanes; row <= last; row += lanes) {
          sum = sum.add(FloatVector.fromArray(S, from, row + i));
        }
        sum.fma(share, floors).intoArray(to, out + i);
      }
    }
  }

  @Override
  public void stretchGains(
      float[] envelope, int at, int bins, int lanes, double factor, float largest, float[] gains) {
    FloatVector most = FloatVector.broadcast(S, largest);
    for (int k = 0; k < bins; k++) {
      double source = Math.min(k / factor, bins - 2);
      int below = (int) source;
      FloatVector part = FloatVector.broadcast(S, (float) (source - below));
      int from = at + below * lanes;
      int row = at + k * lanes;
      for (int i = 0; i < lanes; i += L) {
        FloatVector low = FloatVector.fromArray(S, envelope, from + i);
        FloatVector rise = FloatVector.fromArray(S, envelope, from + lanes + i).sub(low);
        FloatVector moved = rise.fma(part, low);
        moved
            .div(FloatVector.fromArray(S, envelope, row + i))
            .lanewise(VectorOperators.SQRT)
            .min(most)
            .intoArray(gains, row + i);
      }
    }
  }

  @Override
  public void scalePairs(float[] re, float[] im, int length, int lanes, float[] gains) {
    int second = (length / 2 + 1) * lanes;
    for (int k = 0; k <= length / 2; k++) {
      int b = (length - k) % length * lanes;
      for (int a = k * lanes; a < (k + 1) * lanes; a += L, b += L) {
        FloatVector gain = FloatVector.fromArray(S, gains, a);
        FloatVector otherGain = FloatVector.fromArray(S, gains, second + a);
        FloatVector ar = FloatVector.fromArray(S, re, a);
        FloatVector ai = FloatVector.fromArray(S, im, a);
        FloatVector br = FloatVector.fromArray(S, re, b);
        FloatVector bi = FloatVector.fromArray(S, im, b);
        FloatVector firstR = gain.mul(ar.add(br));
        FloatVector firstI = gain.mul(ai.sub(bi));
        FloatVector turnedR = otherGain.mul(ar.sub(br));
        FloatVector turnedI = otherGain.mul(ai.add(bi));
        firstR.add(turnedR).intoArray(re, a);
        firstI.add(turnedI).intoArray(im, a);
        firstR.sub(turnedR).intoArray(re, b);
        turnedI.sub(firstI).intoArray(im, b);
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
      for (int block = 0; block < blocks; block += L) {
        FloatVector re = FloatVector.zero(S);
        FloatVector im = FloatVector.zero(S);
        for (int part = 0; part < parts; part++) {
          FloatVector r = FloatVector.broadcast(S, partR[k * parts + part]);
          FloatVector i = FloatVector.broadcast(S, partI[k * parts + part]);
          FloatVector xRe = FloatVector.fromArray(S, xr, first + block - part);
          FloatVector xIm = FloatVector.fromArray(S, xi, first + block - part);
          re = xIm.fma(i.neg(), xRe.fma(r, re));
          im = xIm.fma(r, xRe.fma(i, im));
        }
        re.intoArray(outR, k * blocks + block);
        im.intoArray(outI, k * blocks + block);
      }
    }
  }

  @Override
  public void filter(float[] power, TriangularFilters filters, int lanes, float[] energies) {
    int[] edges = filters.edges();
    float[] rising = filters.rising();
    float[] falling = filters.falling();
    for (int i = 0; i < lanes; i += L) {
      FloatVector left = FloatVector.zero(S); // rising half of the previous triangle
      for (int b = 0; b + 1 < edges.length; b++) {
        FloatVector up = FloatVector.zero(S);
        FloatVector down = FloatVector.zero(S);
        for (int k = edges[b]; k < edges[b + 1]; k++) {
          FloatVector p = FloatVector.fromArray(S, power, k * lanes + i);
          up = p.fma(FloatVector.broadcast(S, rising[k]), up);
          down = p.fma(FloatVector.broadcast(S, falling[k]), down);
        }
        if (b > 0) {
          left.add(down).intoArray(energies, (b - 1) * lanes + i);
        }
        left = up;
      }
    }
  }

  @Override
  public void correlate(float[] a, int terms, float[] x, int places, float[] sums) {
    for (int p = 0; p < places; p += 6 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = FloatVector.zero(S);
      FloatVector s2 = FloatVector.zero(S);
      FloatVector s3 = FloatVector.zero(S);
      FloatVector s4 = FloatVector.zero(S);
      FloatVector s5 = FloatVector.zero(S);
      for (int i = 0; i < terms; i++) {
        FloatVector term = FloatVector.broadcast(S, a[i]);
        s0 = term.fma(FloatVector.fromArray(S, x, p + i), s0);
        s1 = term.fma(FloatVector.fromArray(S, x, p + i + L), s1);
        s2 = term.fma(FloatVector.fromArray(S, x, p + i + 2 * L), s2);
        s3 = term.fma(FloatVector.fromArray(S, x, p + i + 3 * L), s3);
        s4 = term.fma(FloatVector.fromArray(S, x, p + i + 4 * L), s4);
        s5 = term.fma(FloatVector.fromArray(S, x, p + i + 5 * L), s5);
      }
      s0.intoArray(sums, p);
      s1.intoArray(sums, p + L);
      s2.intoArray(sums, p + 2 * L);
      s3.intoArray(sums, p + 3 * L);
      s4.intoArray(sums, p + 4 * L);
      s5.intoArray(sums, p + 5 * L);
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
    for (int j = 0; j < BandedFilter.OUTPUTS; j += L) {
      FloatVector a = FloatVector.zero(S);
      FloatVector b = FloatVector.zero(S);
      FloatVector c = FloatVector.zero(S);
      FloatVector d = FloatVector.zero(S);
      int at = from;
      for (int tap = j; tap < panel.length; tap += BandedFilter.OUTPUTS, at++) {
        FloatVector row = FloatVector.fromArray(S, panel, tap);
        a = row.fma(FloatVector.broadcast(S, x[at]), a);
        b = row.fma(FloatVector.broadcast(S, x[at + apart]), b);
        c = row.fma(FloatVector.broadcast(S, x[at + 2 * apart]), c);
        d = row.fma(FloatVector.broadcast(S, x[at + 3 * apart]), d);
      }
      a.intoArray(y, to + j);
      b.intoArray(y, to + outApart + j);
      c.intoArray(y, to + 2 * outApart + j);
      d.intoArray(y, to + 3 * outApart + j);
    }
  }

  // C2 inlines 8,000 bytecodes into a method and boxes the vectors of all further calls. log and
  // exp together exceed that, so the unrolled polynomial makes log longer than the 325 bytecodes
  // that C2 inlines.
  @Override
  public void log(float[] values, int count) {
    for (int i = 0; i < count; i += L) {
      IntVector bits = FloatVector.fromArray(S, values, i).reinterpretAsInts();
      IntVector exponent = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, MANTISSA);
      IntVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, MANTISSA));
      FloatVector x =
          mantissa.reinterpretAsFloats().sub(1); // from the root of a half to that of two, less 1
      FloatVector p = x.fma(FloatVector.broadcast(S, LOG[0]), FloatVector.broadcast(S, LOG[1]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[2]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[3]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[4]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[5]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[6]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[7]));
      p = x.fma(p, FloatVector.broadcast(S, LOG[8]));
      FloatVector square = x.mul(x);
      FloatVector n = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
      FloatVector rest =
          square.fma(
              FloatVector.broadcast(S, -0.5f),
              n.fma(FloatVector.broadcast(S, LN_2_LOW), x.mul(square).mul(p)));
      n.fma(FloatVector.broadcast(S, LN_2_HIGH), x.add(rest)).intoArray(values, i);
    }
  }

  @Override
  public void exp(float[] values, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector x = FloatVector.fromArray(S, values, i);
      FloatVector rounded =
          x.fma(FloatVector.broadcast(S, INVERSE_LN_2), FloatVector.broadcast(S, ROUNDER));
      FloatVector n = rounded.sub(ROUNDER);
      x =
          n.fma(
              FloatVector.broadcast(S, -LN_2_LOW), n.fma(FloatVector.broadcast(S, -LN_2_HIGH), x));
      FloatVector p = x.fma(FloatVector.broadcast(S, EXP[0]), FloatVector.broadcast(S, EXP[1]));
      p = x.fma(p, FloatVector.broadcast(S, EXP[2]));
      p = x.fma(p, FloatVector.broadcast(S, EXP[3]));
      p = x.fma(p, FloatVector.broadcast(S, EXP[4]));
      p = x.fma(p, FloatVector.broadcast(S, EXP[5]));
      p = x.mul(x).fma(p, x).add(1);
      IntVector shift = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA);
      p.reinterpretAsInts().add(shift).reinterpretAsFloats().intoArray(values, i);
    }
  }
}
