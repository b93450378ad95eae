// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The previous versions of a model: {@code jarvis.onnx.1} is the oldest, the highest number the
 * latest. Nothing loads them, because their names do not end in {@code .onnx}.
 */
public final class ModelVersions {
  private ModelVersions() {}

  /**
   * Replaces a model and keeps the previous version. The file always holds a whole model.
   *
   * @return the file of the previous version
   */
  public static Path replace(Path model, WakeModel next) throws IOException {
    Path kept = kept(model, latest(model) + 1);
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
   * Restores the previous version; the one in use is lost.
   *
   * @return the file that held it
   * @throws IOException if there is none, or the folder cannot be written to
   */
  public static Path undo(Path model) throws IOException {
    int latest = latest(model);
    if (latest == 0) {
      throw new IOException(model + ": has no previous version");
    }
    Path kept = kept(model, latest);
    WakeModel.read(kept); // a damaged one replaces nothing
    AtomicFile.place(kept, model);
    return kept;
  }

  /** The number of previous versions. */
  public static int count(Path model) throws IOException {
    return numbers(model).size();
  }

  /** The number of the latest previous version; 0 if there is none. */
  private static int latest(Path model) throws IOException {
    return numbers(model).stream().max(Integer::compare).orElse(0);
  }

  private static List<Integer> numbers(Path model) throws IOException {
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
          .map(found -> Integer.parseInt(found.group(1)))
          .toList();
    }
  }

  private static Path kept(Path model, int number) {
    return model.resolveSibling(model.getFileName() + "." + number);
  }
}
