// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import picocli.CommandLine.Option;

/** The number of parallel jobs. */
public final class JobsOption {
  @Option(
      names = {"--jobs", "--threads"},
      paramLabel = "N",
      description = "Recordings processed in parallel. Default: one per processor.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  /** At least one. */
  public int count() {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs=" + jobs + ", expected at least 1");
    }
    return jobs;
  }
}
