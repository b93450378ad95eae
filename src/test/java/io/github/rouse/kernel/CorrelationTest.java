// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrelationTest {
  @ParameterizedTest
  @CsvSource({"1,1", "80,81", "79,80", "110,111", "221,222", "3,500"})
  void vectorsComputeTheSameBitsAsTheDefinition(int terms, int places) {
    float[] a = noise(terms, 1);
    float[] x = noise(terms + places + FilterLoops.SPARE, 2);
    float[] scalar = noise(places + FilterLoops.SPARE, 3);
    float[] vector = scalar.clone();
    new ScalarTile().filterLoops().correlate(a, terms, x, places, scalar);
    Probe.vectorTile(32).filterLoops().correlate(a, terms, x, places, vector);
    for (int p = 0; p < places; p++) {
      float sum = 0;
      for (int i = 0; i < terms; i++) {
        sum = Math.fma(a[i], x[p + i], sum);
      }
      assertEquals(sum, scalar[p], "place " + p);
      assertEquals(sum, vector[p], "place " + p);
    }
  }

  private static float[] noise(int length, int seed) {
    Random random = new Random(seed);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = 2 * random.nextFloat() - 1;
    }
    return samples;
  }
}
