package io.github.rouse.cli.output;

import io.github.rouse.eval.Clip;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.Noise;
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

/** The page about a training: its curves while it runs, and what came of it at its end. */
public final class TrainReport {
  private static final int AGAIN_SECONDS = 20; // until a browser looks for the next epoch

  private final Path folder;
  private final String name;
  private Map<String, List<Path>> positives = Map.of();
  private List<Path> negatives = List.of();
  private boolean heldOut;
  private List<Epoch> epochs = List.of();
  private int all;

  public TrainReport(Path folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    Files.createDirectories(folder); // before hours are spent
  }

  void measured(Map<String, List<Path>> words, List<Path> others, boolean areHeldOut) {
    positives = words;
    negatives = others;
    heldOut = areHeldOut;
  }

  void epochs(List<Epoch> done, int planned) throws IOException {
    epochs = List.copyOf(done);
    all = planned;
    curves().write(AGAIN_SECONDS);
  }

  /** With what the model makes of the recordings held out. */
  public void complete(WakeModel model, int jobs) throws IOException {
    Page page = curves();
    if (!heldOut) {
      page.paragraph(
          "Nobody is held out: what follows is of recordings trained on, and tells"
              + " nothing about other voices.");
    }
    for (Map.Entry<String, List<Path>> word : positives.entrySet()) {
      page.heading("\"" + word.getKey() + "\"" + (heldOut ? " by speakers held out" : ""));
      if (negatives.isEmpty()) {
        page.paragraph("No recordings without the word, so nothing to measure against.");
        continue;
      }
      Evaluator evaluator =
          new Evaluator(
              model,
              word.getKey(),
              recordings(word.getValue()).stream().map(Clip::asRecorded).toList(),
              Noise.NONE,
              recordings(negatives));
      Report.add(page, evaluator, evaluator.run(jobs, seconds -> {}));
    }
    page.write(0);
  }

  private static List<Recording> recordings(List<Path> files) {
    return files.stream()
        .map(f -> new Recording(f, f.toAbsolutePath().getParent().toString()))
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

  /** A value after each epoch, [epochs][epoch, value]. */
  private static double[][] curve(List<Double> values) {
    double[][] points = new double[values.size()][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {i + 1, values.get(i)};
    }
    return points;
  }
}
