// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import picocli.CommandLine.Option;

/** Options of every command. */
public final class CommonOptions {
  @Option(names = "--verbose", description = "Print more, including stack traces.")
  public boolean verbose;

  @Option(names = "--quiet", description = "Print only results and errors.")
  public boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;
}
