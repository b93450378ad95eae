package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConfidenceTest {
  @Test
  void binomialBoundsAreThoseOfTheTables() {
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
  void poissonBoundsAreThoseOfTheTables() {
    Confidence c = Confidence.poisson(10); // Garwood: 4.795 to 18.39
    assertEquals(4.795, c.low(), 1e-3);
    assertEquals(18.390, c.high(), 1e-3);
    assertEquals(2.996, Confidence.poisson(0).high(), 1e-3); // zero in 10 h: at most 0.3/h
    assertEquals(0, Confidence.poisson(0).low());
    assertEquals(
        Confidence.poisson(0).high(), 1e4 * Confidence.binomial(0, 10_000).high(), 1e-3, "alike");
  }
}
