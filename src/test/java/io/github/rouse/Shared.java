// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of real recordings beside the clone, if present; tests that use it are annotated with
 * {@link NeedsShared}.
 */
public final class Shared {
  private static final Path ROOT = Path.of("..", "shared").toAbsolutePath().normalize();

  private Shared() {}

  /** Whether {@code ../shared} is here. */
  public static boolean isHere() {
    return Files.isDirectory(ROOT);
  }

  /** A file or folder in {@code ../shared}, such as {@code file("reference-activate/golden")}. */
  public static Path file(String relative) {
    Path file = ROOT.resolve(relative);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("relative=" + relative + ": no such file in ../shared");
    }
    return file;
  }
}
