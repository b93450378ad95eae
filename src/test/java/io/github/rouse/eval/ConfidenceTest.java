// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConfidenceTest {
  @Test
  void binomialBoundsMatchTheTables() {
    Confidence c = Confidence.binomial(4, 20); // Clopper and Pearson: 5.73 % to 43.66 %
    assertEquals(0.0573, c.low(), 1e-4);
    assertEquals(0.4366, c.high(), 1e-4);
    assertEquals(0, Confidence.binomial(0, 10).low());
    assertEquals(1 - Math.pow(0.05, 0.1), Confidence.binomial(0, 10).high(), 1e-9); // one-sided
    assertEquals(Math.pow(0.05, 0.1), Confidence.binomial(10, 10).low(), 1e-9);
    assertEquals(1, Confidence.binomial(10, 10).high());
    assertEquals(new Confidence(0, 1), Confidence.binomial(0, 0));
  }

  @Test
  void poissonBoundsMatchTheTables() {
    Confidence c = Confidence.poisson(10); // Garwood: 4.795 to 18.39
    assertEquals(4.795, c.low(), 1e-3);
    assertEquals(18.390, c.high(), 1e-3);
    assertEquals(2.996, Confidence.poisson(0).high(), 1e-3); // zero in 10 h: at most 0.3/h
    assertEquals(0, Confidence.poisson(0).low());
    assertEquals(
        Confidence.poisson(0).high(), 1e4 * Confidence.binomial(0, 10_000).high(), 1e-3, "alike");
  }

  /** Wilson and Hilferty's approximation; Johnson, Kotz and Kemp 1992, 4.7.3. */
  @Test
  void boundsOfLargeCountsMatchTheNormalApproximation() {
    for (int count : new int[] {200, 20_000}) {
      Confidence c = Confidence.poisson(count);
      assertEquals(1, cube(count, -1.96) / c.low(), 1e-4);
      assertEquals(1, cube(count + 1, 1.96) / c.high(), 1e-4);
      assertEquals(c.high(), 1e7 * Confidence.binomial(count, 10_000_000).high(), c.high() / 500);
      Confidence half = Confidence.binomial(count / 2, count);
      assertEquals(0.98 / Math.sqrt(count), half.high() - 0.5, 0.01);
      assertEquals(1, half.low() + half.high(), 1e-9);
    }
  }

  private static double cube(int n, double quantile) {
    return n * Math.pow(1 - 1.0 / (9 * n) + quantile / (3 * Math.sqrt(n)), 3);
  }
}
