package io.github.rouse.cli;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.ScanProgress;
import io.github.rouse.eval.FileProgress;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The files that a command measures on: how far it is, and which could not be read. */
final class MeasuredFiles implements FileProgress {
  /** What is done about those. */
  static final String OF_UNREADABLE =
      "A file that cannot be read to its end is told, the rest counts, and the exit code is 1.";

  private final Console console;
  private final boolean verbose;
  private final ScanProgress progress;
  private final Set<String> problems = new ConcurrentSkipListSet<>();

  MeasuredFiles(Console console, int files, CommonOptions common) {
    this.console = console;
    verbose = common.verbose;
    progress = new ScanProgress(console, files, common.quiet);
  }

  @Override
  public void fileHeard(double seconds) {
    progress.fileHeard(seconds);
  }

  @Override
  public void unreadable(IOException problem) {
    String line = Console.describe(problem);
    if (problems.add(line)) { // a file heard several times is told once
      console.say(line);
      if (verbose) {
        problem.printStackTrace(console.err());
      }
    }
  }

  /** Clears the line that tells how far it is. */
  void finish() {
    progress.finish();
  }

  /** A line for each file that was not heard to its end. */
  Set<String> problems() {
    return problems;
  }

  /** What the command ends with: all files were heard, or not. */
  int exitCode() {
    return problems.isEmpty() ? 0 : ExitCode.FAILED;
  }
}
