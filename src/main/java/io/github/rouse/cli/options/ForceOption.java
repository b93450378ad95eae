// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option to replace a model. */
public final class ForceOption {
  @Option(names = "--force", description = "Replace the model at --out, if there is one.")
  boolean force;

  /** Rejects an output that exists; a pipe or a device is written to and not replaced. */
  public void check(Path out) {
    if (!force && Files.isRegularFile(out)) {
      throw new IllegalArgumentException(out + " exists: choose another --out, or add --force");
    }
  }
}
