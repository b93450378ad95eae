// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.trigger.Calibration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTableTest {
  @Test
  void rateAboveAllMeasuredOnesIsAnUpperBound() {
    Calibration c = new Calibration(100, 1, List.of(0.5f, 0.4f, 0.3f, 0.2f, 0.1f));
    String line = CalibrationTable.lines(c).get(2);
    String expected = "1.0 false alarms per hour: threshold 0.1, at most 0.050 per";
    assertTrue(line.startsWith(expected), line);
    assertTrue(line.endsWith("(95 %: 0.021 to 0.12)"), line);
  }

  @Test
  void rateUnreachableWithSaturatedScoresIsReported() {
    Calibration c = new Calibration(10, 1, Collections.nCopies(9, 1f));
    List<String> table = CalibrationTable.lines(c);
    assertEquals(
        "0.5 false alarms per hour: the scores saturate: no threshold gives this rate",
        table.get(1));
    assertTrue(table.get(2).contains("threshold 0.99999994, "), table.get(2));
  }
}
