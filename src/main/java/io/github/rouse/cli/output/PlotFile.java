// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.eval.report.ScanPlot;
import io.github.rouse.eval.report.ScanTrace;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pictures of a scan, as PNG: a page per minute of sound, NAME.png, NAME.page2.png and so on.
 * Holds the traces of two pages at most, because events and posteriors come after their sound.
 */
public final class PlotFile implements ScanFile {
  private static final int PAGE_SECONDS = 60;
  private static final int LATE_SECONDS = 20; // no posterior or event comes later

  private final Path folder;
  private final String stem; // of the files' names
  private final String title;
  private final int sampleRate;
  private final List<WakeModel> models;
  private final List<ScanOutput> pages = new ArrayList<>(); // written
  private ScanTrace before; // the page before the current one; null if written
  private ScanTrace current;
  private long samples; // so far

  /** Prepares to draw a sound into NAME.png in a folder. */
  public PlotFile(Path folder, String stem, String title, int sampleRate, List<WakeModel> models) {
    this.folder = folder;
    this.stem = stem;
    this.title = title;
    this.sampleRate = sampleRate;
    this.models = models;
    current = new ScanTrace(sampleRate, models, 0);
  }

  @Override
  public void samples(float[] sound, int from, int length) {
    long page = (long) PAGE_SECONDS * sampleRate;
    for (int at = from; at < from + length; ) {
      long into = samples % page; // of the current page
      if (into == 0 && samples > 0) {
        before = current;
        current = new ScanTrace(sampleRate, models, samples);
      } else if (before != null && into >= (long) LATE_SECONDS * sampleRate) {
        writeBefore();
      }
      int count = (int) Math.min(from + length - at, page - into);
      current.accept(sound, at, count);
      samples += count;
      at += count;
    }
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] posteriors) {
    double second = (double) at / model.features().sampleRate();
    if (second >= current.startSeconds()) {
      current.posteriors(model, at, posteriors);
    } else if (before != null) {
      before.posteriors(model, at, posteriors);
    }
  }

  @Override
  public void event(TriggerEvent event) {
    current.event(event);
    if (before != null) {
      before.event(event);
    }
  }

  private void writeBefore() {
    try {
      write(before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    before = null;
  }

  private void write(ScanTrace trace) throws IOException {
    int page = pages.size() + 1;
    ScanOutput output =
        new ScanOutput(folder.resolve(page == 1 ? stem + ".png" : stem + ".page" + page + ".png"));
    pages.add(output);
    String heading =
        page == 1
            ? title
            : String.format(Locale.ROOT, "%s, from %.0f s", title, trace.startSeconds());
    double seconds = page == 1 ? trace.seconds() : PAGE_SECONDS; // a short last page stays blank
    new ScanPlot(heading, trace, seconds).write(output.out());
    output.out().close();
  }

  @Override
  public void commit() throws IOException {
    if (before != null) {
      write(before);
    }
    write(current);
    for (ScanOutput page : pages) {
      page.commit();
    }
  }

  @Override
  public void close() throws IOException {
    for (ScanOutput page : pages) {
      page.close();
    }
  }
}
