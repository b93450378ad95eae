// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.eval.report.ScanPlot;
import io.github.rouse.eval.report.ScanTrace;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The picture of a scan, as PNG. */
public final class PlotFile implements ScanFile {
  private final Path target;
  private final String title;
  private final ScanTrace trace;

  public PlotFile(Path target, String title, int sampleRate, List<WakeModel> models) {
    this.target = target;
    this.title = title;
    trace = new ScanTrace(sampleRate, models);
  }

  @Override
  public void samples(float[] samples, int from, int length) {
    trace.accept(samples, from, length);
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] posteriors) {
    trace.posteriors(model, at, posteriors);
  }

  @Override
  public void event(TriggerEvent event) {
    trace.event(event);
  }

  @Override
  public void commit() throws IOException {
    try (ScanOutput file = new ScanOutput(target)) {
      new ScanPlot(title, trace).write(file.out());
      file.commit();
    }
  }
}
