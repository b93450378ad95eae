// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.eval.Evaluation.FalseAlarm;
import io.github.rouse.eval.Evaluation.Point;
import io.github.rouse.eval.Evaluation.Positive;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Recording FILE = new Recording(Path.of("a.wav"), "a");

  /** An evaluation with one hour of negatives. */
  private static Evaluation of(double[] hits, double[] alarms) {
    List<Positive> positives =
        Arrays.stream(hits).mapToObj(hit -> new Positive(FILE, 0, 1, hit, 0)).toList();
    List<FalseAlarm> falseAlarms =
        Arrays.stream(alarms).mapToObj(alarm -> new FalseAlarm(FILE, 0, 0, 0, 1, alarm)).toList();
    return new Evaluation("w", 0.5, positives, falseAlarms, Map.of("a", 3600.0));
  }

  private static double[] scores(Random random, int count) {
    return random.ints(count, 0, 60).mapToDouble(i -> i < 3 ? 0 : i / 59f).toArray();
  }

  @Test
  void eachPointMatchesItsThreshold() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Evaluation e = of(scores(random, 40), scores(random, 30));
      List<Point> points = e.points();
      for (int i = 0; i < points.size(); i++) {
        assertEquals(e.at(points.get(i).threshold()), points.get(i));
        assertTrue(i == 0 || points.get(i - 1).threshold() < points.get(i).threshold());
      }
    }
  }

  @Test
  void aPrintedThresholdExcludesTheFalseAlarmAndIsAtMostOne() {
    for (float alarm : new float[] {0.5f, 0.99997f, Math.nextDown(1f)}) {
      Point p = of(new double[] {1}, new double[] {alarm}).atFalseAlarms(0.5).orElseThrow();
      float written = Float.parseFloat(p.thresholdText());
      assertTrue(written > alarm && written <= 1, p.thresholdText());
      assertEquals(0, p.missed());
    }
  }

  @Test
  void falseAlarmsOfScoreOneCannotBeExcluded() {
    Evaluation e = of(new double[] {0.9, 1}, new double[] {1, 0.95f});
    assertEquals(Optional.empty(), e.atFalseAlarms(0.5));
    assertEquals(1, e.atFalseAlarms(1).orElseThrow().missed());
    assertTrue(e.points().stream().allMatch(p -> p.threshold() <= 1));
  }

  @Test
  void anEvaluationWithoutEventsStillHasAPoint() {
    assertEquals(1, of(new double[0], new double[0]).points().size());
  }
}
