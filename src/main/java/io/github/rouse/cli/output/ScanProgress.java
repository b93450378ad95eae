// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;

/** The progress line of a scan of several files. */
public final class ScanProgress {
  private static final long EVERY_NANOS = 200_000_000L;
  private static final int BAR = 24; // characters

  private final Console console;
  private final int files;
  private final boolean shown;
  private final long started = System.nanoTime();
  private final AtomicInteger finished = new AtomicInteger();
  private final DoubleAdder seconds = new DoubleAdder(); // of audio
  private final AtomicLong shownAt = new AtomicLong(started - EVERY_NANOS);

  public ScanProgress(Console console, int files, boolean quiet) {
    this.console = console;
    this.files = files;
    shown = !quiet && console.errIsTerminal();
  }

  /** Adds {@code more} seconds of processed audio. */
  public void heard(double more) {
    seconds.add(more);
    long now = System.nanoTime();
    long last = shownAt.get();
    if (shown && now - last >= EVERY_NANOS && shownAt.compareAndSet(last, now)) {
      console.progress(line(now));
    }
  }

  /** Adds a complete file. */
  public void fileHeard(double seconds) {
    fileDone();
    heard(seconds);
  }

  /** Counts one more finished file. */
  public void fileDone() {
    finished.incrementAndGet();
  }

  /** Clears the line. */
  public void finish() {
    if (shown) {
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
