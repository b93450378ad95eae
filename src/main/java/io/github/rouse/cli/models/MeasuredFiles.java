// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.ffmpeg.FfmpegVersion;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.ScanProgress;
import io.github.rouse.eval.FileProgress;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Shows the progress of a measurement over files and reports those it cannot read. */
final class MeasuredFiles implements FileProgress {
  static final String UNREADABLE_FOOTER =
      "If a file cannot be read to its end, reports it, measures the rest and exits with 1.";

  private final Console console;
  private final boolean verbose;
  private final ScanProgress progress;
  private final Set<String> problems = new ConcurrentSkipListSet<>();

  MeasuredFiles(Console console, int files, CommonOptions common) {
    this.console = console;
    verbose = common.verbose;
    if (verbose) {
      console.say(FfmpegVersion.line());
    }
    progress = new ScanProgress(console, files, common.quiet);
  }

  @Override
  public void fileHeard(double seconds) {
    progress.fileHeard(seconds);
  }

  @Override
  public void unreadable(IOException problem) {
    String line = Console.describe(problem);
    if (problems.add(line)) { // a file read several times is reported once
      console.say(line);
      if (verbose) {
        problem.printStackTrace(console.err());
      }
    }
  }

  /** Clears the progress line. */
  void finish() {
    progress.finish();
  }

  /** One line for each file that could not be read to its end. */
  Set<String> problems() {
    return problems;
  }

  /** The exit code: 0 if all files were read. */
  int exitCode() {
    return problems.isEmpty() ? 0 : ExitCode.FAILED;
  }
}
