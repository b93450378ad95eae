// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel.vector;

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
