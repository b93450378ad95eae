// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.file.Problem;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What the jobs share: their command lines and messages. */
final class Jobs {
  private Jobs() {}

  /** Runs a job and returns its exit code. */
  static int run(Callable<Integer> job, String... args) {
    return new CommandLine(job)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (problem, command, parsed) -> {
              say(Problem.describe(problem));
              return problem instanceof IllegalArgumentException ? 2 : fail(problem);
            })
        .execute(args);
  }

  private static int fail(Exception problem) {
    problem.printStackTrace();
    return 1;
  }

  /** A line among Spark's. */
  static void say(String line) {
    System.err.println("rouse: " + line);
  }
}
