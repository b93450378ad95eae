// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.eval.Evaluation;
import io.github.rouse.trigger.Calibration;
import java.util.List;
import java.util.Locale;

/** A model's calibration as text: thresholds and the false alarms to expect. */
public final class CalibrationTable {
  private CalibrationTable() {}

  /** A line for each rate in {@link Evaluation#RATES}. */
  public static List<String> lines(Calibration calibration) {
    return Evaluation.RATES.stream().map(rate -> lineOrProblem(calibration, rate)).toList();
  }

  private static String lineOrProblem(Calibration calibration, double rate) {
    try {
      return line(calibration, rate);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** The false alarms to expect at the threshold for a rate, with 95 % bounds. */
  public static String line(Calibration calibration, double rate) {
    float threshold = calibration.threshold(rate);
    double expected = calibration.perHour(threshold);
    double factor = calibration.uncertainty(threshold);
    return String.format(
        Locale.ROOT,
        "%s false alarms per hour: threshold %s, %s %.2g per hour (95 %%: %.2g to %.2g)",
        rate,
        threshold,
        expected < 0.95 * rate ? "at most" : "expect",
        expected,
        expected / factor,
        expected * factor);
  }
}
