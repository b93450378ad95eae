// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  /** Scores with exponential logits above -4, {@code perHour} of them per hour. */
  private static Calibration drawn(long seed, double hours, int perHour) {
    return drawn(seed, hours, perHour, -4, 1.5);
  }

  private static Calibration drawn(
      long seed, double hours, int perHour, double above, double mean) {
    Random random = new Random(seed);
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < hours * perHour; i++) {
      double logit = above - mean * Math.log(1 - random.nextDouble());
      scores.add((float) (1 / (1 + Math.exp(-logit))));
    }
    return new Calibration(hours, 1, scores);
  }

  @Test
  void frequentFalseAlarmsAreCounted() {
    List<Float> scores = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      scores.add(i / 200f);
    }
    Calibration c = new Calibration(10, 1, scores);
    assertEquals(5, c.perHour(51 / 200f));
    assertEquals(51 / 200f, c.threshold(5));
    assertEquals(1 / 200f, c.threshold(1000));
  }

  @Test
  void thresholdAndRateAreInverse() {
    Calibration c = drawn(1, 1, 200);
    for (double perHour : new double[] {0.05, 0.5, 3, 10, 19}) {
      assertEquals(perHour, c.perHour(c.threshold(perHour)), 0.01 * perHour);
    }
    assertTrue(c.threshold(0.1) > c.threshold(1));
  }

  @Test
  void saturatedScoresAreAboveEveryThreshold() {
    Calibration c = new Calibration(10, 1, Collections.nCopies(25, 1f));
    assertEquals(2.5, c.perHour(Math.nextDown(1f)));
    assertEquals(Math.nextDown(1f), c.threshold(2.5));
    for (double perHour : new double[] {0.02, 1, 2.2}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> c.threshold(perHour)).getMessage();
      assertTrue(message.endsWith("the scores saturate: no threshold gives this rate"), message);
    }
    // Half saturate: no threshold excludes them.
    List<Float> half = new ArrayList<>(Collections.nCopies(10, 1f));
    for (int i = 0; i < 10; i++) {
      half.add(0.5f + i / 100f);
    }
    Calibration some = new Calibration(10, 1, half);
    assertEquals(1, some.perHour(Math.nextDown(1f)));
    assertThrows(IllegalArgumentException.class, () -> some.threshold(0.5));
  }

  @Test
  void aThresholdIsBelowOneAndGivesTheRequestedRateOrFails() {
    int refused = 0;
    for (int seed = 0; seed < 50; seed++) {
      Calibration c = drawn(seed, 10, 20, 6, 0.8 + 0.05 * seed);
      for (double perHour : new double[] {0.02, 0.1, 1, 3, 15}) {
        try {
          float threshold = c.threshold(perHour);
          assertTrue(threshold < 1, "seed " + seed);
          assertTrue(c.perHour(threshold) <= 1.05 * perHour, "seed " + seed + ", " + perHour);
        } catch (IllegalArgumentException e) {
          assertTrue(c.perHour(Math.nextDown(1f)) > perHour, e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > 0 && refused < 100, refused + " refused");
  }

  @Test
  void equalScoresAreExcludedTogether() {
    List<Float> scores = new ArrayList<>(Collections.nCopies(30, 0.9f));
    scores.addAll(Collections.nCopies(30, 0.1f));
    Calibration c = new Calibration(10, 1, scores);
    assertEquals(3, c.perHour(c.threshold(4)), "not 6");
  }

  @Test
  void onlyRelevantScoresAreKept() {
    assertEquals(30, drawn(1, 3, 100).scores().size());
    assertEquals(20, drawn(1, 0.5, 100).scores().size());
  }

  @Test
  void variantsDoNotReduceTheUncertainty() {
    Calibration once = drawn(1, 9, 20);
    Calibration thrice = new Calibration(9, 3, once.scores());
    for (double perHour : new double[] {0.1, 1, 5}) {
      float threshold = once.threshold(perHour);
      assertEquals(threshold, thrice.threshold(perHour));
      assertEquals(
          Math.sqrt(3) * Math.log(once.uncertainty(threshold)),
          Math.log(thrice.uncertainty(threshold)),
          1e-9);
    }
  }

  @Test
  void theFittedTailPredictsTheNextHourWithinItsUncertainty() {
    int inside = 0;
    for (int seed = 0; seed < 200; seed++) {
      Calibration hour = drawn(seed, 1, 100);
      float threshold = hour.threshold(0.5);
      double truth = 100 * Math.exp(-(Math.log(threshold / (1 - threshold)) + 4) / 1.5);
      double factor = hour.uncertainty(threshold);
      inside += truth < 0.5 * factor && truth > 0.5 / factor ? 1 : 0;
    }
    assertTrue(inside >= 180 && inside < 200, inside + " of 200");
  }

  @Test
  void aSensitivityIsARate() {
    assertEquals(0.02, Calibration.rateOf(0.0), 1e-12);
    assertEquals(0.4472, Calibration.rateOf(0.5), 1e-4);
    assertEquals(10, Calibration.rateOf(1.0), 1e-9);
  }

  @Test
  void invalidCalibrationsAreRejected() {
    List<Float> few = List.of(0.1f, 0.2f, 0.3f, 0.4f);
    assertThrows(IllegalArgumentException.class, () -> new Calibration(1, 1, few));
    List<Float> wrong = List.of(0.1f, 0.2f, 0.3f, 0.4f, Float.NaN);
    assertThrows(IllegalArgumentException.class, () -> new Calibration(1, 1, wrong));
    List<Float> enough = drawn(1, 1, 9).scores();
    assertThrows(IllegalArgumentException.class, () -> new Calibration(1, 0, enough));
    assertThrows(IllegalArgumentException.class, () -> drawn(1, 1, 9).threshold(0));
    assertThrows(IllegalArgumentException.class, () -> new Calibration(0, 1, enough));
  }
}
