package io.github.rouse.cli.output;

import io.github.rouse.eval.Evaluation;
import io.github.rouse.trigger.Calibration;
import java.util.List;
import java.util.Locale;

/** Which thresholds a model's calibration gives, and what to expect at them, for people. */
public final class CalibrationTable {
  private CalibrationTable() {}

  /** A line for each of some rates. */
  public static List<String> lines(Calibration calibration) {
    return Evaluation.RATES.stream().map(rate -> lineOrRefusal(calibration, rate)).toList();
  }

  private static String lineOrRefusal(Calibration calibration, double rate) {
    try {
      return line(calibration, rate);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** What is to be expected at the threshold of a rate; at most that, where so much was unheard. */
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
