// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.FileSystemException;
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
    if (!files.isEmpty()) {
      return given();
    }
    List<Path> found = shipped();
    if (found.isEmpty()) {
      throw new ModelFormatException(
          models(),
          "",
          "no model found: give one with --model FILE, or make one with `rouse train` or `rouse"
              + " import`");
    }
    return found;
  }

  /** The files given. */
  public List<Path> given() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path given : files) {
      found.add(file(given));
    }
    return found;
  }

  /** The shipped ones, unless files are given. */
  public List<Path> shippedUnlessGiven() throws IOException {
    return files.isEmpty() ? shipped() : List.of();
  }

  /** Every model in {@code models/}. */
  public static List<Path> shipped() throws IOException {
    return in(models());
  }

  /** The folder of the shipped pronunciation and language models. */
  public static Path pronunciation() {
    return models().resolve("pronunciation");
  }

  /** Every model in a folder; none if there is no such folder. */
  public static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  /** The file itself, or the shipped model of that name. */
  private static Path file(Path given) throws IOException {
    if (Files.isRegularFile(given) || given.getNameCount() != 1) {
      return given;
    }
    Path shipped = models().resolve(given + ".onnx");
    if (Files.exists(shipped)) {
      return shipped;
    }
    if (!Files.exists(given)) {
      List<String> names = shipped().stream().map(AudioPaths::stem).toList();
      throw new FileSystemException(
          given.toString(),
          null,
          "no such file or folder" + Suggestions.question(given.toString(), names));
    }
    return given;
  }

  /** The folder of shipped models. */
  public static Path models() {
    return Path.of(System.getProperty("rouse.home", "")).resolve("models");
  }
}
