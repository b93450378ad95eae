// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** When a posterior is an event. */
public final class PolicyOptions {
  @Option(
      names = "--threshold",
      paramLabel = "0..1",
      description = "The smoothed posterior that triggers. Default: the model's own.")
  Float threshold;

  @Option(
      names = "--sensitivity",
      paramLabel = "0..1",
      description =
          "Instead of a threshold, on a logarithmic scale from "
              + Calibration.LEAST_PER_HOUR
              + " false alarms per hour at 0 to "
              + Calibration.MOST_PER_HOUR
              + " at 1. Needs a calibrated model (`rouse tune`).")
  Double sensitivity;

  @Option(
      names = "--false-alarms-per-hour",
      paramLabel = "X",
      description =
          "Instead of a threshold: the rate of each model, "
              + Calibration.LEAST_PER_HOUR
              + " to "
              + Calibration.MOST_PER_HOUR
              + ". Needs a calibrated model; holds for its own patience and refractory period.")
  Double falseAlarmsPerHour;

  @Option(
      names = "--refractory",
      paramLabel = "SECONDS",
      description =
          "Suppress a word for this long after an event; if that scored under 0.5, a stronger one"
              + " still counts. Default: the model's own.")
  Float refractory;

  @Option(
      names = "--patience",
      paramLabel = "STEPS",
      description = "Consecutive steps that must reach the threshold. Default: the model's own.")
  Integer patience;

  @Option(
      names = "--near-misses",
      description =
          "Print near misses too, as events with \"near_miss\":true: scores of half the threshold or"
              + " more that no event followed. Known when the refractory period is over.")
  public boolean nearMisses;

  /** Rejects contradictions and values out of range. */
  public void check() {
    if (thresholds() > 1) {
      throw new IllegalArgumentException(
          "give at most one of --threshold, --sensitivity and --false-alarms-per-hour");
    }
    if (sensitivity != null && !(sensitivity >= 0 && sensitivity <= 1)) {
      throw new IllegalArgumentException("sensitivity=" + sensitivity + ", expected 0 to 1");
    }
    if (falseAlarmsPerHour != null) {
      Calibration.checkRate(falseAlarmsPerHour);
    }
  }

  /** Whether a threshold, sensitivity or rate is given. */
  boolean given() {
    return thresholds() > 0;
  }

  private long thresholds() {
    return Stream.of(threshold, sensitivity, falseAlarmsPerHour).filter(Objects::nonNull).count();
  }

  /**
   * A model's policy with these options.
   *
   * @param file named in messages
   * @param remedy what a model without calibration needs
   * @throws IOException naming the file, if no threshold gives the rate of false alarms
   */
  public TriggerPolicy of(WakeModel model, Path file, String remedy) throws IOException {
    TriggerPolicy result = model.policy();
    if (threshold != null) {
      result = result.withThreshold(threshold);
    } else if (sensitivity != null || falseAlarmsPerHour != null) {
      Calibration calibration =
          model
              .calibration()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          file + ": has no calibration; " + remedy + ", or give a --threshold"));
      double rate = sensitivity == null ? falseAlarmsPerHour : Calibration.rateOf(sensitivity);
      result = result.withThreshold(threshold(file, calibration, rate));
    }
    result = refractory == null ? result : result.withRefractory(refractory);
    return patience == null ? result : result.withPatience(patience);
  }

  /**
   * The threshold for a rate of false alarms.
   *
   * @throws IOException naming the model's file, if no threshold gives this rate
   */
  public static float threshold(Path file, Calibration calibration, double perHour)
      throws IOException {
    try {
      return calibration.threshold(perHour);
    } catch (IllegalArgumentException e) { // the model's fault, not the caller's
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
