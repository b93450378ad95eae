package io.github.rouse.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.Point;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse eval}: miss rate against false alarms per hour. */
@Command(
    name = "eval",
    description = "Measures a model: miss rate against false alarms per hour, with 95 %% bounds.")
final class EvalCommand implements Callable<Integer> {
  /** How the figures look. */
  enum Format {
    /** For people. */
    TEXT,
    /** One object. */
    JSON
  }

  private static final double[] RATES = {0.1, 0.5, 1}; // false alarms per hour

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model.")
  Path file;

  @Option(
      names = "--positives",
      required = true,
      paramLabel = "PATH",
      description = "Clips of one word each; repeatable.")
  List<Path> positives;

  @Option(
      names = "--negatives",
      required = true,
      paramLabel = "PATH",
      description = "Sound without the word; repeatable.")
  List<Path> negatives;

  @Option(names = "--format", paramLabel = "text|json", defaultValue = "text")
  Format format;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    WakeModel model = WakeModel.read(file);
    Evaluation evaluation = new Evaluation(model);
    evaluation.positives(files(positives));
    evaluation.negatives(files(negatives));
    if (format == Format.JSON) {
      console.print(json(evaluation).toString());
    } else {
      text(evaluation);
    }
    return 0;
  }

  private static List<Path> files(List<Path> paths) throws IOException {
    AudioPaths audio = new AudioPaths(paths);
    for (IOException problem : audio.problems()) {
      throw problem; // figures of half the data would look like figures
    }
    return audio.files();
  }

  private void text(Evaluation e) {
    console.print(
        String.format(
            Locale.ROOT, "%d positives, %.2f h of negatives", e.positives(), e.negativeHours()));
    for (double rate : RATES) {
      Point p = e.atFalseAlarms(rate * e.negativeHours());
      console.print(
          String.format(
              Locale.ROOT,
              "at %.1f/h: missed %.1f %% (%.1f-%.1f), %d false alarms (%.2f-%.2f/h), threshold %.4f",
              rate,
              100 * p.missRate(),
              100 * p.missBounds().low(),
              100 * p.missBounds().high(),
              p.falseAlarms(),
              p.perHourBounds().low(),
              p.perHourBounds().high(),
              p.threshold()));
    }
    console.print(
        String.format(
            Locale.ROOT,
            "latency from the word's end: median %.0f ms, 95 %% %.0f ms",
            1000 * e.latency(0.5),
            1000 * e.latency(0.95)));
  }

  private static JsonObject json(Evaluation e) {
    JsonObject json = new JsonObject();
    json.addProperty("positives", e.positives());
    json.addProperty("negative_hours", e.negativeHours());
    JsonArray points = new JsonArray();
    for (Point p : e.points()) {
      JsonObject point = new JsonObject();
      point.addProperty("threshold", p.threshold());
      point.addProperty("miss_rate", p.missRate());
      point.add("miss_rate_95", bounds(p.missBounds()));
      point.addProperty("false_alarms", p.falseAlarms());
      point.addProperty("false_alarms_per_hour", p.perHour());
      point.add("false_alarms_per_hour_95", bounds(p.perHourBounds()));
      points.add(point);
    }
    json.add("points", points);
    JsonObject at = new JsonObject();
    for (double rate : RATES) {
      String name = rate == Math.rint(rate) ? Long.toString(Math.round(rate)) : "" + rate;
      at.addProperty(name, e.atFalseAlarms(rate * e.negativeHours()).missRate());
    }
    json.add("at", at);
    JsonObject latency = new JsonObject();
    latency.addProperty("median", 1000 * e.latency(0.5));
    latency.addProperty("p95", 1000 * e.latency(0.95));
    json.add("latency_ms", latency);
    return json;
  }

  private static JsonArray bounds(Confidence c) {
    JsonArray bounds = new JsonArray();
    bounds.add(c.low());
    bounds.add(c.high());
    return bounds;
  }
}
