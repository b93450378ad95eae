// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.train.Epoch;
import io.github.rouse.train.TrainingProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows training progress on the terminal and, optionally, in a report. */
public final class TrainProgress implements TrainingProgress {
  private static final int BAR = 24; // characters
  private static final double DECAY = 0.95; // of the running mean

  private final Console console;
  private final boolean quiet;
  private final int threads;
  private final TrainReport page; // or null
  private long started = System.nanoTime(); // the first batch
  private int startedAt = -1; // batches done before this run
  private double smooth = Double.NaN; // running mean of the loss
  private boolean heldOut; // whether any speakers are
  private boolean complete = true; // all recordings could be read

  public TrainProgress(Console console, boolean quiet, int threads, TrainReport page) {
    this.console = console;
    this.quiet = quiet;
    this.threads = threads;
    this.page = page;
  }

  @Override
  public synchronized void prepared(int percent) {
    started = System.nanoTime(); // the first batch follows
    if (!quiet) {
      console.progress(percent == 100 ? "" : "the teacher listens: " + percent + " %");
    }
  }

  @Override
  public void measured(Map<String, List<Path>> positives, List<Path> negatives, boolean heldOut) {
    this.heldOut = heldOut;
    if (page != null) {
      page.measured(positives, negatives, heldOut);
    }
  }

  @Override
  public void epochs(List<Epoch> done, int all) {
    if (!quiet) {
      Epoch last = done.get(done.size() - 1);
      boolean best = heldOut && done.stream().allMatch(e -> last.heldOutLoss() <= e.heldOutLoss());
      console.say(
          String.format(
              Locale.ROOT,
              "%sepoch %d of %d: loss %.4f, %s %.4f%s",
              startedAt < 0 ? "resuming after " : "",
              done.size(),
              all,
              last.loss(),
              heldOut ? "held out" : "on other clips",
              last.heldOutLoss(),
              best ? ", the best so far" : ""));
    }
    if (page != null) {
      try {
        page.epochs(done, all);
      } catch (IOException | IllegalArgumentException e) {
        console.say(Console.describe(e)); // a failed report must not end the training
      }
    }
  }

  @Override
  public void unreadable(IOException problem) {
    complete = false;
    problem("skipped: " + Console.describe(problem));
  }

  /** Whether all recordings were read to their ends. */
  public boolean complete() {
    return complete;
  }

  @Override
  public void problem(String message) {
    console.say(message);
  }

  @Override
  public void data(int files, double hours, long parameters) {
    started = System.nanoTime();
    if (!quiet) {
      console.say(
          String.format(
              Locale.ROOT,
              "%d files, %.2f h of sound; %d parameters; %d threads",
              files,
              hours,
              parameters,
              threads));
    }
  }

  @Override
  public void texts(String items, int trained, int heldOutItems, long parameters) {
    started = System.nanoTime();
    heldOut = heldOutItems > 0;
    if (!quiet) {
      console.say(
          String.format(
              Locale.ROOT,
              "%d %s, %d more held out; %d parameters; %d threads",
              trained,
              items,
              heldOutItems,
              parameters,
              threads));
    }
  }

  @Override
  public void batch(int done, int all, double loss) {
    if (quiet) {
      return;
    }
    if (startedAt < 0) {
      startedAt = Math.max(0, done - 1);
    }
    smooth = Double.isNaN(smooth) ? loss : DECAY * smooth + (1 - DECAY) * loss;
    double perBatch = (System.nanoTime() - started) / 1e9 / Math.max(1, done - startedAt);
    console.progress(
        String.format(
            Locale.ROOT,
            "[%s%s] batch %d of %d, loss %.4f, %s left",
            "#".repeat(BAR * done / all),
            ".".repeat(BAR - BAR * done / all),
            done,
            all,
            smooth,
            time(perBatch * (all - done))));
  }

  /** A duration in the unit that people would use. */
  static String time(double seconds) {
    double[] units = {1, 60, 3600};
    String[] formats = {"%.0f s", "%.0f min", "%.1f h"};
    int unit = seconds < 120 ? 0 : seconds < 7200 ? 1 : 2;
    return String.format(Locale.ROOT, formats[unit], seconds / units[unit]);
  }
}
