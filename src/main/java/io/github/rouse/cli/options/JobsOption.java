package io.github.rouse.cli.options;

import picocli.CommandLine.Option;

/** How much is heard at the same time. */
public final class JobsOption {
  @Option(
      names = {"--jobs", "--threads"},
      paramLabel = "N",
      description = "Recordings heard at the same time. Default: one per processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  /** At least one. */
  public int count() {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs=" + jobs + ", expected at least 1");
    }
    return jobs;
  }
}
