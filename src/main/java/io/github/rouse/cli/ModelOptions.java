package io.github.rouse.cli;

import io.github.rouse.model.Engine;
import io.github.rouse.model.ModelFormatException;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which models to run, by which engine, and how sure they have to be. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model; repeatable. Default: every model in models/.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--engine",
      paramLabel = "native|onnxruntime",
      defaultValue = "native",
      description = "What runs the network. Default: ${DEFAULT-VALUE}.")
  Engine engine;

  @Option(
      names = "--threshold",
      paramLabel = "0..1",
      description = "The smoothed posterior that counts as heard. Default: the model's own.")
  Float threshold;

  @Option(
      names = "--refractory",
      paramLabel = "SECONDS",
      description =
          "How long a word is not raised again; an event of a score under 0.5 gives way to a stronger one. Default: the model's own.")
  Float refractory;

  @Option(
      names = "--patience",
      paramLabel = "STEPS",
      description = "Steps in a row that reach the threshold. Default: the model's own.")
  Integer patience;

  /** The models, with the policies asked for. */
  List<WakeModel> load() throws IOException {
    List<WakeModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path file : files.isEmpty() ? shipped() : files) {
      WakeModel model = WakeModel.read(file);
      if (!names.add(model.name())) {
        throw new IllegalArgumentException(
            "model=" + file + ": a model named " + model.name() + " is given twice");
      }
      models.add(model.withPolicy(policy(model.policy())));
    }
    return models;
  }

  private TriggerPolicy policy(TriggerPolicy policy) {
    TriggerPolicy result = policy;
    result = threshold == null ? result : result.withThreshold(threshold);
    result = refractory == null ? result : result.withRefractory(refractory);
    return patience == null ? result : result.withPatience(patience);
  }

  private static List<Path> shipped() throws IOException {
    Path folder = Path.of(System.getProperty("rouse.home", "")).resolve("models");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        List<Path> found = entries.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    throw new ModelFormatException(
        folder,
        "",
        "no model there: give one with --model FILE; `rouse import --help` tells how to make one"
            + " from a network trained elsewhere");
  }
}
