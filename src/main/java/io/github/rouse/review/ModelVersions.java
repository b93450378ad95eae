// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The versions of a model before the one in use: {@code jarvis.onnx.1} is the oldest, the highest
 * number the latest. Nothing loads them, because their names do not end in {@code .onnx}.
 */
public final class ModelVersions {
  private ModelVersions() {}

  /**
   * Replaces a model and keeps the version before. The file always holds a whole model.
   *
   * @return the file that keeps it
   */
  public static Path replace(Path model, WakeModel next) throws IOException {
    Path kept = sibling(model, latest(model).orElse(0) + 1);
    AtomicFile.write(kept, out -> Files.copy(model, out));
    try {
      next.write(model);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(kept); // the model is unchanged
      throw e;
    }
    return kept;
  }

  /**
   * Brings the version before back; the one in use is gone.
   *
   * @return the file that kept it
   * @throws IOException if there is none, or the folder cannot be written to
   */
  public static Path undo(Path model) throws IOException {
    OptionalInt latest = latest(model);
    if (latest.isEmpty()) {
      throw new IOException(model + ": no version before it is kept");
    }
    Path kept = sibling(model, latest.getAsInt());
    WakeModel.read(kept); // a damaged one replaces nothing
    try {
      Files.move(kept, model, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(kept, model, StandardCopyOption.REPLACE_EXISTING);
    }
    return kept;
  }

  /** How many versions before are kept. */
  public static int count(Path model) throws IOException {
    return (int) numbers(model).count();
  }

  private static OptionalInt latest(Path model) throws IOException {
    return numbers(model).max();
  }

  private static IntStream numbers(Path model) throws IOException {
    Path folder = model.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    Pattern name =
        Pattern.compile(Pattern.quote(model.getFileName().toString()) + "\\.([1-9]\\d{0,5})");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> name.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToInt(found -> Integer.parseInt(found.group(1)))
          .boxed()
          .toList()
          .stream()
          .mapToInt(number -> number);
    }
  }

  private static Path sibling(Path model, int number) {
    return model.resolveSibling(model.getFileName() + "." + number);
  }
}
