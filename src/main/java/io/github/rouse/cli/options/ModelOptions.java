// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.actions.Config;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Signature;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The models to run, the engine and the trigger policy. */
public final class ModelOptions {
  @Mixin public ModelFiles files;

  @Option(
      names = "--engine",
      paramLabel = "native|onnxruntime",
      defaultValue = "native",
      description = "The engine that runs the network. Default: ${DEFAULT-VALUE}.")
  public Engine engine;

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
      names = "--require-signed",
      paramLabel = "KEY",
      description = "Refuse models that this public key (PEM, Ed25519) has not signed.")
  Path signer;

  @Option(
      names = "--no-verifier",
      description = "Let the streaming network alone decide, without a second look.")
  boolean noVerifier;

  @Option(
      names = "--near-misses",
      description =
          "Print near misses too, as events with \"near_miss\":true: scores of half the threshold or"
              + " more that no event followed. Known when the refractory period is over.")
  public boolean nearMisses;

  /** Reads one model. */
  public interface Reader {
    WakeModel read(Path file) throws IOException;
  }

  /** Reads the models and applies the policy options. */
  public List<WakeModel> load() throws IOException {
    return load(Config.NONE);
  }

  /**
   * The same with a file's settings, which a threshold, sensitivity or rate given here overrides.
   */
  public List<WakeModel> load(Config config) throws IOException {
    Reader reader = reader(config);
    List<WakeModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path file : files.orShipped()) {
      WakeModel model = reader.read(file);
      if (!names.add(model.name())) {
        throw new IllegalArgumentException(
            "model=" + file + ": a model named " + model.name() + " is given twice");
      }
      models.add(model);
    }
    config.checkWords(models.stream().flatMap(model -> model.words().stream()).toList());
    return models;
  }

  /** Checks the options; the result reads a model and applies them to it, and a file's settings. */
  public Reader reader(Config config) throws IOException {
    if (Stream.of(threshold, sensitivity, falseAlarmsPerHour).filter(Objects::nonNull).count()
        > 1) {
      throw new IllegalArgumentException(
          "give at most one of --threshold, --sensitivity and --false-alarms-per-hour");
    }
    if (sensitivity != null && !(sensitivity >= 0 && sensitivity <= 1)) {
      throw new IllegalArgumentException("sensitivity=" + sensitivity + ", expected 0 to 1");
    }
    if (falseAlarmsPerHour != null) {
      Calibration.checkRate(falseAlarmsPerHour);
    }
    PublicKey key = signer == null ? null : Signature.publicKey(signer);
    return file -> {
      WakeModel read = key == null ? WakeModel.read(file) : WakeModel.read(file, key);
      WakeModel model = noVerifier ? read.withoutVerifier() : read;
      WakeModel ready = model.withPolicy(policy(model, file));
      boolean given = threshold != null || sensitivity != null || falseAlarmsPerHour != null;
      WakeModel set = config.applyTo(ready, !given);
      return engine == Engine.NATIVE ? set.fused() : set;
    };
  }

  private TriggerPolicy policy(WakeModel model, Path file) throws IOException {
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
                          file
                              + ": has no calibration; add one with `rouse tune "
                              + file
                              + " --negatives PATH`, or give a --threshold"));
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
