// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.cli.output.Console;
import java.util.function.Consumer;
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

  /** Prints how a result came about, with {@code --verbose}. */
  public Consumer<String> details(Console console) {
    return detail -> {
      if (verbose) {
        console.say(detail);
      }
    };
  }

  /** Prints what a person may like to know, unless {@code --quiet}. */
  public Consumer<String> notes(Console console) {
    return note -> {
      if (!quiet) {
        console.say(note);
      }
    };
  }
}
