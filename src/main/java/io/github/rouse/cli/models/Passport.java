// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.Calibrator;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Recording;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.Signature;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Checks a model's claims about itself and prints a line for each. */
public final class Passport {
  private final Path file;
  private final WakeModel model;
  private final Console console;
  private boolean valid = true;

  public Passport(Path file, WakeModel model, Console console) {
    this.file = file;
    this.model = model;
    this.console = console;
  }

  /**
   * Checks the claims; false if one does not hold.
   *
   * @param signer public key file, or null
   * @param negatives sound to count false alarms on, or empty
   * @param channel of the negatives
   */
  public boolean check(Path signer, List<Path> negatives, Channel channel) throws IOException {
    weights();
    signature(signer);
    rates(negatives, channel);
    model
        .provenance()
        .facts()
        .forEach(
            (name, value) -> {
              if (!name.equals(Provenance.WEIGHTS)) {
                boolean lines = value.contains("\n"); // a recipe, which `rouse info` prints
                line(name, (lines ? "" : value + ": ") + "claimed, not checked");
              }
            });
    return valid;
  }

  private void weights() {
    String claimed = model.provenance().facts().get(Provenance.WEIGHTS);
    String found = model.weightsSha256();
    if (claimed == null) {
      line(Provenance.WEIGHTS, found + ", no claim to compare with");
    } else {
      compare(Provenance.WEIGHTS, found, found.equals(claimed), "claimed " + claimed);
    }
  }

  private void signature(Path signer) throws IOException {
    boolean claimed = Signature.claimed(file);
    if (signer == null) {
      line("signature", claimed ? "present, not checked: needs --require-signed KEY" : "none");
      return;
    }
    String why = "";
    try {
      WakeModel.read(file, Signature.publicKey(signer));
    } catch (ModelFormatException e) {
      why = e.getMessage();
    }
    compare("signature", "by " + signer, why.isEmpty(), why);
  }

  private void rates(List<Path> negatives, Channel channel) throws IOException {
    if (model.calibration().isEmpty()) {
      line("rates", "not tuned, no claim");
      return;
    }
    Calibration claimed = model.calibration().get();
    if (negatives.isEmpty()) {
      line(
          "rates",
          String.format(
              Locale.ROOT,
              "on %.2f h: claimed, not checked: needs --negatives",
              claimed.hours() / claimed.times()));
      return;
    }
    List<Recording> recordings =
        AudioPaths.files(negatives, console::say).stream()
            .flatMap(path -> Recording.of(path, "", channel).stream())
            .toList();
    Calibration found =
        new Calibrator(model, recordings)
            .run(Runtime.getRuntime().availableProcessors(), seconds -> {});
    for (double rate : Evaluation.RATES) {
      float threshold;
      try {
        threshold = claimed.threshold(rate);
      } catch (IllegalArgumentException e) {
        line("rate", e.getMessage());
        continue;
      }
      double expected = claimed.perHour(threshold);
      double counted = found.perHour(threshold);
      double factor = claimed.uncertainty(threshold) * found.uncertainty(threshold);
      compare(
          "rate",
          String.format(
              Locale.ROOT,
              "%s/h at threshold %s: measured %.2g/h in %.2f h",
              rate,
              threshold,
              counted,
              found.hours() / found.times()),
          counted <= expected * factor && counted >= expected / factor,
          String.format(
              Locale.ROOT,
              "the combined bounds allow %.2g to %.2g",
              expected / factor,
              expected * factor));
    }
  }

  private void compare(String claim, String what, boolean right, String otherwise) {
    valid &= right;
    line(claim, what + (right ? ": holds" : ": DOES NOT HOLD: " + otherwise));
  }

  private void line(String claim, String what) {
    console.print(String.format(Locale.ROOT, "%-15s %s", claim, what));
  }
}
