package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  /** Scores whose logits are exponential above -4, {@code perHour} of them an hour. */
  private static Calibration drawn(long seed, double hours, int perHour) {
    Random random = new Random(seed);
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < hours * perHour; i++) {
      double logit = -4 - 1.5 * Math.log(1 - random.nextDouble());
      scores.add((float) (1 / (1 + Math.exp(-logit))));
    }
    return new Calibration(hours, scores);
  }

  @Test
  void whereThereAreManyTheRateIsCounted() {
    List<Float> scores = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      scores.add(i / 200f);
    }
    Calibration c = new Calibration(10, scores);
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
  void theTailFoundInOneHourHoldsInTheNextWithinItsUncertainty() {
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
  void whatCannotCalibrateIsRefused() {
    List<Float> few = List.of(0.1f, 0.2f, 0.3f, 0.4f);
    assertThrows(IllegalArgumentException.class, () -> new Calibration(1, few));
    List<Float> wrong = List.of(0.1f, 0.2f, 0.3f, 0.4f, Float.NaN);
    assertThrows(IllegalArgumentException.class, () -> new Calibration(1, wrong));
    assertThrows(IllegalArgumentException.class, () -> new Calibration(0, drawn(1, 1, 9).scores()));
  }
}
