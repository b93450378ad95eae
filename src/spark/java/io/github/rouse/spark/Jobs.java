// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.file.Problem;
import java.util.concurrent.Callable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import picocli.CommandLine;

/** What the jobs share: their command lines and messages, and whether a task gets another try. */
final class Jobs {
  private static final int TRIES = 4; // the default of spark.task.maxFailures

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

  /** Whether the job fails if this attempt at a task does. */
  static boolean isLastTry() {
    TaskContext task = TaskContext.get();
    if (task == null || SparkEnv.get().conf().get("spark.master", "").startsWith("local")) {
      return true; // local mode makes one attempt
    }
    int most = SparkEnv.get().conf().getInt("spark.task.maxFailures", TRIES);
    return task.attemptNumber() >= most - 1;
  }

  /** A line among Spark's. */
  static void say(String line) {
    System.err.println("rouse: " + line);
  }
}
