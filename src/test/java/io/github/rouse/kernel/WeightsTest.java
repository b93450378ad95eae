// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private final Random random = new Random(7);

  private float[][] random(int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextFloat() - 0.5f;
      }
    }
    return values;
  }

  private static float[][] product(Weights weights, float[][] x, float[][] y, int count) {
    float[][] sums = new float[y.length][];
    for (int r = 0; r < y.length; r++) {
      sums[r] = y[r].clone();
    }
    weights.addProduct(x, sums, count);
    return sums;
  }

  /** Bit for bit, for every implementation and number of rows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 16, 31, 33, 48, 50, 57, 64, 72, 80, 92, 113, 128, 196, 384})
  void eachElementAddsItsTermsInAscendingOrder(int outputs) {
    for (int inputs : new int[] {1, 2, 3, 4, 5, 13, 207}) {
      float[][] w = random(inputs, outputs);
      for (int count = 0; count <= 33; count += count < 9 ? 1 : 3) {
        float[][] x = random(count + 1, inputs);
        float[][] y = random(count + 1, outputs);
        float[][] expected = y.clone();
        for (int r = 0; r < count; r++) {
          expected[r] = y[r].clone();
          for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
              expected[r][o] = Math.fma(x[r][i], w[i][o], expected[r][o]);
            }
          }
        }
        String name = count + "x" + inputs + "x" + outputs;
        for (Tile tile : List.of(new ScalarTile(), Probe.vectorTile(32), Probe.vectorTile(16))) {
          assertArrayEquals(expected, product(tile.weights(w), x, y, count), name);
        }
      }
    }
  }

  /** Where the last vector overlaps the one before, an infinity must not become a NaN. */
  @ParameterizedTest
  @ValueSource(ints = {9, 33, 57})
  void infinitiesAndNegativeZerosKeepTheirPlaces(int outputs) {
    float[][] w = random(3, outputs);
    for (int count : new int[] {1, 4, 8, 20}) {
      float[][] x = random(count, 3);
      float[][] y = random(count, outputs);
      for (int r = 0; r < count; r++) {
        x[r][r % 3] = r % 2 == 0 ? Float.POSITIVE_INFINITY : -0f;
        Arrays.fill(y[r], -0f);
      }
      float[][] expected = product(new ScalarTile().weights(w), x, y, count);
      for (int registers : new int[] {16, 32}) {
        float[][] sums = product(Probe.vectorTile(registers).weights(w), x, y, count);
        assertArrayEquals(expected, sums, count + "x3x" + outputs + ", registers=" + registers);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noInputsAddNothing(int count) {
    float[][] y = random(count, 40);
    assertArrayEquals(y, product(Kernels.weights(new float[0][]), new float[count][0], y, count));
  }
}
