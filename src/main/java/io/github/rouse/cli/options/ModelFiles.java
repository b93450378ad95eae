package io.github.rouse.cli.options;

import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Files of models, or those that come with Rouse. */
public final class ModelFiles {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model; repeatable. Default: every model in models/.")
  List<Path> files = new ArrayList<>();

  /** Those asked for, at least one. */
  public List<Path> orShipped() throws IOException {
    List<Path> found = files.isEmpty() ? shipped() : files;
    if (found.isEmpty()) {
      throw new ModelFormatException(
          models(),
          "",
          "no model there: give one with --model FILE; `rouse import --help` tells how to make one"
              + " from a network trained elsewhere");
    }
    return found;
  }

  /** Every model in {@code models/}. */
  public static List<Path> shipped() throws IOException {
    Path folder = models();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  /** The folder of models that come with Rouse. */
  public static Path models() {
    return Path.of(System.getProperty("rouse.home", "")).resolve("models");
  }
}
