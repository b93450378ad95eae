// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.CalibrationTable;
import io.github.rouse.cli.output.Console;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Planes;
import io.github.rouse.nn.Windowed;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rouse info}: shows the contents of a model file. */
@Command(name = "info", description = "Shows the contents of a model or speech encoder.")
public final class InfoCommand implements Callable<Integer> {
  private final Console console;

  private static final String INDENT = "\n" + " ".repeat(11);

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model.")
  Path file;

  public InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Optional<SpeechEncoder> encoder = SpeechEncoder.find(file);
    Optional<PhoneModel> phones = PhoneModel.find(file);
    Optional<PhonemeLanguage> language = PhonemeLanguage.find(file);
    if (encoder.isPresent()) {
      encoder(encoder.get());
    } else if (phones.isPresent()) {
      phones(phones.get());
    } else if (language.isPresent()) {
      language(language.get());
    } else {
      model(WakeModel.read(file));
    }
    return 0;
  }

  private void model(WakeModel model) throws IOException {
    line("model", "%s, %d bytes", model.name(), Files.size(file));
    line("words", "%s", String.join(", ", model.words()));
    features(model.features());
    network("network", model.network(), model.features());
    policy(model.policy());
    model.verifier().ifPresent(verifier -> verifier(verifier, model.words()));
    model.calibration().ifPresent(this::calibration);
    provenance(model.provenance(), model.weightsSha256());
  }

  private void encoder(SpeechEncoder encoder) throws IOException {
    line("encoder", "of speech, %d values, %d bytes", encoder.values(), Files.size(file));
    features(encoder.features());
    network("network", encoder.network(), encoder.features());
    provenance(encoder.provenance(), encoder.sha256());
  }

  private void phones(PhoneModel recogniser) throws IOException {
    line("phones", "%s", String.join(" ", recogniser.phones()));
    line("size", "%d bytes", Files.size(file));
    if (recogniser.encoderFile() != null) {
      line("encoder", "its layers are in %s", recogniser.encoderFile());
    }
    features(recogniser.features());
    network("network", recogniser.network(), recogniser.features());
    provenance(recogniser.provenance(), recogniser.sha256());
  }

  private void language(PhonemeLanguage model) throws IOException {
    line("language", "model of %d phonemes, %d bytes", model.phonemes().size(), Files.size(file));
    line("network", "%d parameters, a step every phoneme", model.network().parameters());
    provenance(model.provenance(), model.sha256());
  }

  private void provenance(Provenance provenance, String hash) {
    provenance
        .with(Provenance.WEIGHTS, hash) // the actual hash, not the claimed one
        .facts()
        .forEach(
            (key, value) -> line(key, "%s", withoutPlaces(value).strip().replace("\n", INDENT)));
  }

  /** A recipe's paths without where its author kept them: the last two names of absolute ones. */
  static String withoutPlaces(String recipe) {
    return recipe.replaceAll(
        "'(?:(?:\\.\\./)+|(?:[A-Za-z]:)?/(?:[^'/\n]+/)*(?=[^'/\n]+/[^'/\n]+'))", "'");
  }

  private void features(FeatureSpec f) {
    line(
        "features",
        "%s, %d values of %d samples (%.1f ms) every %d (%.2f ms) at %d Hz",
        f.spectrum(),
        f.bins(),
        f.frameLength(),
        1000.0 * f.frameLength() / f.sampleRate(),
        f.hop(),
        1000.0 * f.hop() / f.sampleRate(),
        f.sampleRate());
  }

  private void network(String key, Network network, FeatureSpec features) {
    double step = (double) network.stride() * features.hop();
    line(
        key,
        "%d parameters, a step every %.1f ms",
        network.parameters(),
        1000 * step / features.sampleRate());
    for (Layer layer : network.layers()) {
      line(
          "",
          "%-34s %4d -> %-4d %8d parameters",
          name(layer),
          layer.inputs(),
          layer.outputs(),
          layer.parameters());
    }
  }

  private static String name(Layer layer) {
    if (layer instanceof Conv1d c) {
      return String.format(
          Locale.ROOT,
          "Conv1d kernel %d, stride %d, padding %d",
          c.kernel(),
          c.stride(),
          c.padding());
    } else if (layer instanceof Gru g) {
      return "Gru, reset " + g.reset().name().toLowerCase(Locale.ROOT);
    } else if (layer instanceof Lstm l) {
      return l.peepholes().length == 0 ? "Lstm" : "Lstm with peepholes";
    } else if (layer instanceof Activation a) {
      return a.function().name().toLowerCase(Locale.ROOT);
    } else if (layer instanceof Windowed w) {
      return "ONNX Runtime, window " + w.window() + ", stride " + w.stride();
    } else if (layer instanceof Planes.Conv2d c) {
      return "Conv2d of %d bands, kernel %d x %d".formatted(c.bands(), c.kernel(), c.reach());
    } else if (layer instanceof Planes.MaxPool m) {
      return "MaxPool of %d bands, %d x %d".formatted(m.bands(), m.kernel(), m.reach());
    } else if (layer instanceof Conv1d.Lead l) {
      return "Lead of %d steps".formatted(l.padding());
    } else if (layer instanceof Activation.Leaky l) {
      return "leaky_relu " + l.slope() + ", at least " + l.floor();
    } else if (layer instanceof Bidirectional b) {
      return "Bidirectional " + name(b.forward());
    }
    return layer.getClass().getSimpleName();
  }

  private void policy(TriggerPolicy p) {
    line(
        "policy",
        "threshold %s, smoothing %d steps, patience %d steps, refractory %s s",
        p.threshold(),
        p.smoothing(),
        p.patience(),
        p.refractory());
  }

  private void verifier(Verifier verifier, List<String> words) {
    FeatureSpec features = verifier.encoder().features();
    line(
        "verifier",
        "reads the last %.2f s before a candidate",
        (double) verifier.frames() * features.hop() / features.sampleRate());
    if (verifier.gap() > 0) {
      double gap = (double) verifier.gap() * features.hop() / features.sampleRate();
      line("", "judges a window that ends there and one that ends %.2f s earlier", gap);
    }
    network("", verifier.encoder().network(), features);
    for (int word = 0; word < words.size(); word++) {
      Verifier.WordHead head = verifier.heads().get(word);
      line(
          "",
          "%s: heads %d, parameters of each %d, candidates from %s, share %s of the score's logit",
          words.get(word),
          head.networks().size(),
          head.networks().get(0).parameters(),
          head.level(),
          head.share());
    }
    line("", "threshold without it: %s", verifier.thresholdAlone());
  }

  private void calibration(Calibration c) {
    line(
        "tuned",
        "on %.2f h of sound without the words, at %d speeds",
        c.hours() / c.times(),
        c.times());
    CalibrationTable.lines(c).forEach(row -> line("", "%s", row));
  }

  private void line(String key, String format, Object... values) {
    console.print(
        String.format(Locale.ROOT, "%-10s ", key) + String.format(Locale.ROOT, format, values));
  }
}
