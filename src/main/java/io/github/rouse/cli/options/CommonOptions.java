package io.github.rouse.cli.options;

import picocli.CommandLine.Option;

/** What every command accepts. */
public final class CommonOptions {
  @Option(names = "--verbose", description = "Say more, with stack traces of errors.")
  public boolean verbose;

  @Option(names = "--quiet", description = "Say nothing but results and errors.")
  public boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;
}
