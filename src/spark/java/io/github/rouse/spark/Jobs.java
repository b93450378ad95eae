// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.file.Problem;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkThrowable;
import org.apache.spark.TaskContext;
import picocli.CommandLine;

/** What the jobs share: their command lines and messages, and whether a task gets another try. */
final class Jobs {
  private static final int TRIES = 4; // the default of spark.task.maxFailures

  private Jobs() {}

  /** Runs a job and returns its exit code. Reports what the user can fix in one line. */
  static int run(Callable<Integer> job, String... args) {
    return new CommandLine(job)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (problem, unused) -> {
              String name = problem.getCommandLine().getCommandName();
              say(Problem.describe(problem) + " (see " + name + " --help)");
              return ExitCode.WRONG_USAGE;
            })
        .setExecutionExceptionHandler(
            (problem, command, parsed) -> {
              say(reason(problem));
              if (isBug(problem)) {
                problem.printStackTrace();
              }
              return problem instanceof IllegalArgumentException
                  ? ExitCode.WRONG_USAGE
                  : ExitCode.FAILED;
            })
        .execute(args);
  }

  /** The first line: Spark's messages continue with the query, its plan or a stack trace. */
  private static String reason(Exception problem) {
    return problem instanceof SparkThrowable && problem.getMessage() != null
        ? problem.getMessage().strip().lines().findFirst().orElse("")
        : Problem.describe(problem);
  }

  private static boolean isBug(Exception problem) {
    return problem instanceof RuntimeException
        && !(problem instanceof IllegalArgumentException
            || problem instanceof UncheckedIOException
            || problem instanceof SparkThrowable);
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
