// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the steps of {@code rouse new}, for tests of other packages. */
public final class StepInput {
  private StepInput() {}

  /** Reads them from a file in the folder. */
  public static void read(Path folder, byte[] input) throws IOException {
    Files.write(folder.resolve("steps.json"), input);
    StepFile.read(folder, "word");
  }
}
