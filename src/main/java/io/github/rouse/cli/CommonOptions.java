package io.github.rouse.cli;

import picocli.CommandLine.Option;

/** What every command accepts. */
final class CommonOptions {
  @Option(names = "--verbose", description = "Say more, with stack traces of errors.")
  boolean verbose;

  @Option(names = "--quiet", description = "Say nothing but results and errors.")
  boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;
}
