// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.nn.Dense;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockCodeTest {
  private static final int UNITS = 20;

  /** Slow random walks, [steps][units], as an encoder's vectors are. */
  private static float[][] walks(int steps, long seed) {
    Random random = new Random(seed);
    float[][] walks = new float[steps][UNITS];
    for (int t = 1; t < steps; t++) {
      for (int u = 0; u < UNITS; u++) {
        walks[t][u] = 0.9f * walks[t - 1][u] + 0.44f * (float) random.nextGaussian();
      }
    }
    return walks;
  }

  @Test
  void whatIsDecodedResemblesWhatWasEncoded() {
    BlockCode code = BlockCode.learn(walks(40_000, 1));
    float[][] steps = walks(4000, 2);
    float[] decoded = new float[steps.length * UNITS];
    for (int at = 0; at < steps.length; at += BlockCode.STEPS) {
      byte[] bytes = code.encode(steps, at);
      assertEquals(16, bytes.length);
      code.decode(bytes, 0, decoded, at);
    }
    double error = 0;
    double power = 0;
    for (int t = 0; t < steps.length; t++) {
      for (int u = 0; u < UNITS; u++) {
        error += Math.pow(decoded[t * UNITS + u] - steps[t][u], 2);
        power += Math.pow(steps[t][u], 2);
      }
    }
    assertTrue(error < 0.12 * power, error / power + " of the power is lost");
  }

  @Test
  void everyBlockHasTheSameCodeWhereverItStands() {
    BlockCode code = BlockCode.learn(walks(8000, 1));
    float[][] steps = walks(16, 3);
    float[][] later = walks(40, 4);
    System.arraycopy(steps, 0, later, 24, 16);
    assertArrayEquals(code.encode(steps, 8), code.encode(later, 32));
  }

  @Test
  void principalComponentsAreUncorrelatedAndOfUnitVariance() {
    Random random = new Random(5);
    float[][] vectors = new float[5000][6];
    for (float[] vector : vectors) {
      double common = random.nextGaussian();
      for (int i = 0; i < 6; i++) {
        vector[i] = (float) (3 + i * common + 0.5 * random.nextGaussian());
      }
    }
    Dense projection = PrincipalComponents.of(vectors, 4);
    float[][] components = projection.forward(vectors);
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = 0;
        double mean = 0;
        for (float[] component : components) {
          sum += component[a] * component[b] / components.length;
          mean += component[a] / components.length;
        }
        assertEquals(a == b ? 1 : 0, sum, 1e-3, a + " and " + b);
        assertEquals(0, mean, 1e-3);
      }
    }
  }
}
