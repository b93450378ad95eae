package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelsTest {
  private static final int POINTS = 2_000_001;
  private static final double REACH = 20; // both functions are flat beyond

  @Test
  void sigmoidIsWithin2e7OfTheTrueOne() {
    float[] x = sweep();
    float[] y = x.clone();
    Kernels.sigmoid(y, 0, y.length);
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      double error = Math.abs(1 / (1 + Math.exp(-(double) x[i])) - y[i]);
      largest = Math.max(largest, error);
    }
    assertTrue(largest < 2e-7, "error=" + largest);
  }

  @Test
  void tanhIsWithin3e7OfTheTrueOne() {
    float[] x = sweep();
    float[] y = x.clone();
    Kernels.tanh(y, 0, y.length);
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      double error = Math.abs(Math.tanh(x[i]) - y[i]);
      largest = Math.max(largest, error);
    }
    assertTrue(largest < 3e-7, "error=" + largest);
  }

  @Test
  void sigmoidAndTanhEndAtTheirLimits() {
    float[] v = {-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    float[] s = v.clone();
    Kernels.sigmoid(s, 0, s.length);
    Kernels.tanh(v, 0, v.length);
    for (int i = 0; i < v.length; i++) {
      assertEquals(i % 2 == 0 ? 0 : 1, s[i], 1e-30);
      assertEquals(i % 2 == 0 ? -1 : 1, v[i], 0);
    }
  }

  /** Posteriors must not depend on chunking, whether C2 made vector code of the loop or not. */
  @Test
  void aValueDoesNotDependOnItsNeighbours() {
    float[] x = sweep();
    float[] sigmoids = x.clone();
    float[] tangents = x.clone();
    Kernels.sigmoid(sigmoids, 0, x.length);
    Kernels.tanh(tangents, 0, x.length);
    for (int i = 0; i < x.length; i += 97) {
      float[] alone = {x[i], x[i]};
      Kernels.sigmoid(alone, 0, 1);
      Kernels.tanh(alone, 1, 2);
      assertEquals(sigmoids[i], alone[0]);
      assertEquals(tangents[i], alone[1]);
    }
  }

  @Test
  void aNanStaysANan() {
    float[] v = {Float.NaN, Float.NaN};
    Kernels.sigmoid(v, 0, 1);
    Kernels.tanh(v, 1, 2);
    assertTrue(Float.isNaN(v[0]) && Float.isNaN(v[1]));
  }

  @Test
  void productsOfOddSizesAreSumsOverTheInputs() {
    Random random = new Random(7);
    for (int inputs : new int[] {1, 3, 4, 5, 13, 207}) {
      for (int outputs : new int[] {1, 7, 8, 33}) {
        float[] x = new float[inputs];
        float[][] w = new float[inputs + 2][outputs];
        for (int i = 0; i < inputs; i++) {
          x[i] = random.nextFloat() - 0.5f;
        }
        for (float[] row : w) {
          for (int o = 0; o < outputs; o++) {
            row[o] = random.nextFloat() - 0.5f;
          }
        }
        float[] y = new float[outputs];
        y[0] = 3;
        Kernels.addProduct(x, w, 2, y);
        for (int o = 0; o < outputs; o++) {
          double sum = o == 0 ? 3 : 0;
          for (int i = 0; i < inputs; i++) {
            sum += (double) x[i] * w[i + 2][o];
          }
          assertEquals(sum, y[o], 1e-7 * (8 + inputs));
        }
      }
    }
  }

  private static float[] sweep() {
    float[] x = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = (float) (REACH * (2.0 * i / (POINTS - 1) - 1));
    }
    return x;
  }
}
