// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.Channel;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.Noise;
import io.github.rouse.eval.PositiveClip;
import io.github.rouse.eval.Recording;
import io.github.rouse.eval.report.Chart;
import io.github.rouse.eval.report.Page;
import io.github.rouse.eval.report.Report;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The HTML report of a training: loss curves while it runs, and the evaluation at its end. */
public final class TrainReport {
  private static final int REFRESH_SECONDS = 20; // of the page in a browser

  private final Path folder;
  private final String name;
  private final Channel channel;
  private Map<String, List<Path>> positives = Map.of();
  private List<Path> negatives = List.of();
  private boolean heldOut;
  private List<Epoch> epochs = List.of();
  private int all;

  /**
   * Prepares the report.
   *
   * @param folder to write to
   * @param name of the model
   * @param channel of the recordings
   */
  public TrainReport(Path folder, String name, Channel channel) throws IOException {
    this.folder = folder;
    this.name = name;
    this.channel = channel;
    Files.createDirectories(folder); // fail now, not after hours
  }

  void measured(Map<String, List<Path>> words, List<Path> others, boolean areHeldOut) {
    positives = words;
    negatives = others;
    heldOut = areHeldOut;
  }

  void epochs(List<Epoch> done, int planned) throws IOException {
    epochs = List.copyOf(done);
    all = planned;
    curves().write(REFRESH_SECONDS);
  }

  /** Adds the evaluation on held-out recordings. */
  public void complete(WakeModel model, int jobs) throws IOException {
    Page page = curves();
    if (!heldOut) {
      page.paragraph(
          "No speakers are held out: the figures below are on training recordings and say"
              + " nothing about other voices.");
    }
    for (Map.Entry<String, List<Path>> word : positives.entrySet()) {
      page.heading("\"" + word.getKey() + "\"" + (heldOut ? " by held-out speakers" : ""));
      if (negatives.isEmpty()) {
        page.paragraph("No recordings without the word, so no false alarms to count.");
        continue;
      }
      Evaluator evaluator =
          new Evaluator(
              model,
              word.getKey(),
              recordings(word.getValue()).stream().map(PositiveClip::asRecorded).toList(),
              Noise.NONE,
              recordings(negatives));
      Report.add(page, evaluator, evaluator.run(jobs, seconds -> {}));
    }
    page.write(0);
  }

  private List<Recording> recordings(List<Path> files) {
    return files.stream()
        .map(f -> new Recording(f, f.toAbsolutePath().getParent().toString(), channel))
        .toList();
  }

  private Page curves() {
    Page page = new Page(folder, name + ": training");
    page.paragraph(epochs.size() + " of at most " + all + " epochs.").heading("Loss");
    Chart.Axis time = new Chart.Axis("epoch", 0, all, false);
    double most =
        epochs.stream().mapToDouble(e -> Math.max(e.loss(), e.heldOutLoss())).max().orElse(1);
    page.chart(
        new Chart(time, new Chart.Axis("loss", 0, 1.1 * most, false), 320)
            .line("first", "training", curve(epochs.stream().map(Epoch::loss).toList()))
            .line(
                "second",
                heldOut ? "held out" : "other clips",
                curve(epochs.stream().map(Epoch::heldOutLoss).toList())),
        "loss by epoch");
    double peak = epochs.stream().mapToDouble(Epoch::rate).max().orElse(1);
    page.chart(
        new Chart(time, new Chart.Axis("learning rate", 0, 1.1 * peak, false), 200)
            .line("first", "", curve(epochs.stream().map(Epoch::rate).toList())),
        "learning rate by epoch");
    return page;
  }

  /** Points of a curve, [epochs][epoch, value]. */
  private static double[][] curve(List<Double> values) {
    double[][] points = new double[values.size()][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {i + 1, values.get(i)};
    }
    return points;
  }
}
