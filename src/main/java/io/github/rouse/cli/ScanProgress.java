package io.github.rouse.cli;

import io.github.rouse.eval.FileProgress;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;

/** How far a scan of several files is, for a person who watches, and what could not be read. */
final class ScanProgress implements FileProgress {
  /** What a command that measures does about such a file. */
  static final String OF_UNREADABLE =
      "A file that cannot be read to its end is told, the rest counts, and the exit code is 1.";

  private static final long EVERY_NANOS = 200_000_000L;
  private static final int BAR = 24; // characters

  private final Console console;
  private final int files;
  private final CommonOptions common;
  private final long started = System.nanoTime();
  private final AtomicInteger finished = new AtomicInteger();
  private final Set<String> problems = new ConcurrentSkipListSet<>();
  private final DoubleAdder seconds = new DoubleAdder(); // of audio
  private final AtomicLong shownAt = new AtomicLong(started - EVERY_NANOS);

  ScanProgress(Console console, int files, CommonOptions common) {
    this.console = console;
    this.files = files;
    this.common = common;
  }

  /** So much more audio has been heard. */
  void heard(double more) {
    seconds.add(more);
    long now = System.nanoTime();
    long last = shownAt.get();
    if (!common.quiet && now - last >= EVERY_NANOS && shownAt.compareAndSet(last, now)) {
      console.progress(line(now));
    }
  }

  @Override
  public void fileHeard(double seconds) {
    fileDone();
    heard(seconds);
  }

  @Override
  public void unreadable(IOException problem) {
    String line = Console.describe(problem);
    if (problems.add(line)) { // a file heard several times is told once
      console.say(line);
      if (common.verbose) {
        problem.printStackTrace(console.err());
      }
    }
  }

  /** A line for each file that was not heard to its end. */
  Set<String> problems() {
    return problems;
  }

  /** What the command ends with: all files were heard, or not. */
  int exitCode() {
    return problems.isEmpty() ? 0 : Main.FAILED;
  }

  /** One more file is done. */
  void fileDone() {
    finished.incrementAndGet();
  }

  /** Clears the line. */
  void finish() {
    if (!common.quiet) {
      console.progress("");
    }
  }

  private String line(long now) {
    double elapsed = (now - started) / 1e9;
    int done = finished.get();
    int filled = files == 0 ? BAR : BAR * done / files;
    return String.format(
        Locale.ROOT,
        "[%s%s] %d of %d files, %.1f min of audio, %.0f times real time",
        "#".repeat(filled),
        ".".repeat(BAR - filled),
        done,
        files,
        seconds.sum() / 60,
        seconds.sum() / elapsed);
  }
}
