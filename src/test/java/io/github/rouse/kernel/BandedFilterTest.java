// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BandedFilterTest {
  private static final int APART = 21;
  private static final int OUT_APART = 19;

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 16, 40})
  void vectorsComputeTheSameBitsAsTheDefinition(int spread) {
    Random random = new Random(1);
    int[] first = new int[BandedFilter.OUTPUTS];
    float[][] taps = new float[BandedFilter.OUTPUTS][BandedFilter.TAPS];
    for (int j = 0; j < first.length; j++) {
      first[j] = j * spread / first.length;
      for (int k = 0; k < BandedFilter.TAPS; k++) {
        taps[j][k] = random.nextFloat() - 0.5f;
      }
    }
    float[] x = new float[200];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    float[] scalar = new float[100];
    float[] vector = new float[100];
    apply(new ScalarTile(), first, taps, x, scalar);
    apply(Probe.vectorTile(32), first, taps, x, vector);
    for (int stretch = 0; stretch < BandedFilter.STRETCHES; stretch++) {
      for (int j = 0; j < first.length; j++) {
        float sum = 0;
        for (int k = 0; k < BandedFilter.TAPS; k++) {
          sum = Math.fma(x[2 + stretch * APART + first[j] + k], taps[j][k], sum);
        }
        assertEquals(sum, scalar[5 + stretch * OUT_APART + j]);
        assertEquals(sum, vector[5 + stretch * OUT_APART + j]);
      }
    }
  }

  private static void apply(Tile tile, int[] first, float[][] taps, float[] x, float[] y) {
    new BandedFilter(tile.filterLoops(), first, taps).apply(x, 2, APART, y, 5, OUT_APART);
  }
}
