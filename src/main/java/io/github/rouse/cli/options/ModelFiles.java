// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Model files: those given, or those shipped with Rouse. */
public final class ModelFiles {
  @Option(
      names = "--model",
      paramLabel = "FILE|NAME",
      description =
          "A model, or the name of one in models/ such as jarvis; repeatable. Default: every model"
              + " in models/.")
  List<Path> files = new ArrayList<>();

  /** The files given, or else the shipped ones; at least one. */
  public List<Path> orShipped() throws IOException {
    List<Path> found = files.isEmpty() ? shipped() : files.stream().map(ModelFiles::file).toList();
    if (found.isEmpty()) {
      throw new ModelFormatException(
          models(),
          "",
          "no model found: give one with --model FILE, or make one with `rouse train` or `rouse"
              + " import`");
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

  /** The file itself, or the shipped model of that name. */
  private static Path file(Path given) {
    Path shipped = models().resolve(given + ".onnx");
    boolean named =
        !Files.isRegularFile(given) && given.getNameCount() == 1 && Files.exists(shipped);
    return named ? shipped : given;
  }

  /** The folder of shipped models. */
  public static Path models() {
    return Path.of(System.getProperty("rouse.home", "")).resolve("models");
  }
}
