// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import java.io.IOException;
import java.nio.file.Path;

/** A file of thresholds with one word, for tests of other packages. */
public final class ThresholdFile {
  private ThresholdFile() {}

  /** Reads any. */
  public static void read(Path path) throws IOException {
    Thresholds.read(path);
  }

  /** Writes it. */
  public static void write(Path path, float threshold) throws IOException {
    Thresholds.read(path).set("word", threshold);
  }
}
