// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelsTest {
  private static final int POINTS = 2_000_001;
  private static final double LIMIT = 20; // both functions are flat beyond

  @Test
  void sigmoidIsAccurateTo2e7() {
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
  void tanhIsAccurateTo3e7() {
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
  void sigmoidAndTanhReachTheirLimits() {
    float[] v = {-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    float[] s = v.clone();
    Kernels.sigmoid(s, 0, s.length);
    Kernels.tanh(v, 0, v.length);
    for (int i = 0; i < v.length; i++) {
      assertEquals(i % 2 == 0 ? 0 : 1, s[i], 1e-30);
      assertEquals(i % 2 == 0 ? -1 : 1, v[i], 0);
    }
  }

  /** Posteriors must not depend on chunking, whether C2 vectorised the loop or not. */
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
  void nanIsPreserved() {
    float[] v = {Float.NaN, Float.NaN};
    Kernels.sigmoid(v, 0, 1);
    Kernels.tanh(v, 1, 2);
    assertTrue(Float.isNaN(v[0]) && Float.isNaN(v[1]));
  }

  private static float[] sweep() {
    float[] x = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = (float) (LIMIT * (2.0 * i / (POINTS - 1) - 1));
    }
    return x;
  }
}
