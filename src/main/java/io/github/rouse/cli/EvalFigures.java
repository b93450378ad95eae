package io.github.rouse.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.Point;
import io.github.rouse.eval.SliceTables;
import io.github.rouse.trigger.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The figures of an evaluation, for people and for programs. */
final class EvalFigures {

  private EvalFigures() {}

  /** Lines to read, of a model and its calibration. */
  static List<String> text(Evaluation e, Optional<Calibration> calibration) {
    List<String> lines = new ArrayList<>();
    lines.add(format("%d positives, %.2f h of negatives", e.positives().size(), e.negativeHours()));
    for (double rate : Evaluation.RATES) {
      lines.add(format("at %.1f/h: %s", rate, line(e.atFalseAlarms(rate))));
    }
    calibration.ifPresent(
        c -> {
          for (double rate : Evaluation.RATES) {
            lines.add(format("calibrated for %.1f/h: %s", rate, line(calibrated(e, c, rate))));
          }
        });
    lines.add("as it is: " + line(e.at(e.threshold())));
    lines.add("latency from the word's end: " + e.latencies());
    for (List<List<String>> table : SliceTables.of(e)) {
      for (List<String> row : table) {
        StringBuilder line = new StringBuilder(format("%-40s", row.get(0)));
        row.subList(1, row.size()).forEach(cell -> line.append(format("  %12s", cell)));
        lines.add(line.toString());
      }
    }
    return lines;
  }

  /** What the threshold gives that a calibration has for a rate, if it has one. */
  private static Optional<Point> calibrated(Evaluation e, Calibration calibration, double rate) {
    try {
      return Optional.of(e.at(calibration.threshold(rate)));
    } catch (IllegalArgumentException saturated) {
      return Optional.empty();
    }
  }

  private static String name(double rate) {
    return rate == Math.rint(rate) ? Long.toString(Math.round(rate)) : "" + rate;
  }

  private static String line(Optional<Point> point) {
    return point.map(EvalFigures::line).orElse("no threshold gives so few: the scores saturate");
  }

  private static String line(Point p) {
    return format(
        "missed %.1f %% (%.1f-%.1f), %d false alarms (%.2f-%.2f/h), threshold %s",
        100 * p.missRate(),
        100 * p.missBounds().low(),
        100 * p.missBounds().high(),
        p.falseAlarms(),
        p.perHourBounds().low(),
        p.perHourBounds().high(),
        p.thresholdText());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** One object. */
  static JsonObject json(Evaluation e, Optional<Calibration> calibration) {
    JsonObject json = new JsonObject();
    json.addProperty("word", e.word());
    json.addProperty("positives", e.positives().size());
    json.addProperty("negative_hours", e.negativeHours());
    JsonArray points = new JsonArray();
    e.points().forEach(p -> points.add(json(p)));
    json.add("points", points);
    JsonObject at = new JsonObject();
    for (double rate : Evaluation.RATES) {
      at.addProperty(name(rate), e.atFalseAlarms(rate).map(Point::missRate).orElse(null));
    }
    json.add("at", at);
    json.add("as_it_is", json(e.at(e.threshold())));
    JsonObject calibrated = new JsonObject();
    for (double rate : Evaluation.RATES) {
      Optional<Point> point = calibration.flatMap(c -> calibrated(e, c, rate));
      calibrated.add(name(rate), point.map(EvalFigures::json).orElse(null));
    }
    json.add("calibrated", calibrated);
    JsonObject latency = new JsonObject();
    latency.addProperty("median", milliseconds(e.latency(0.5)));
    latency.addProperty("p95", milliseconds(e.latency(0.95)));
    json.add("latency_ms", latency);
    JsonObject slices = new JsonObject();
    slices.add("positives", slices(e, e.positiveSlices(), EvalFigures::addClips));
    slices.add("negatives", slices(e, e.negativeSlices(), EvalFigures::addHours));
    json.add("slices", slices);
    return json;
  }

  private static JsonObject slices(
      Evaluation e, List<String> names, BiConsumer<JsonObject, Point> figures) {
    JsonObject slices = new JsonObject();
    for (String name : names) {
      JsonObject one = new JsonObject();
      figures.accept(one, e.slice(name).at(e.threshold()));
      slices.add(name, one);
    }
    return slices;
  }

  private static void addClips(JsonObject to, Point p) {
    to.addProperty("positives", p.positives());
    addMisses(to, p);
  }

  private static void addHours(JsonObject to, Point p) {
    to.addProperty("hours", p.hours());
    addFalseAlarms(to, p);
  }

  /** Null where there is none: JSON knows no NaN. */
  private static Double milliseconds(double seconds) {
    return Double.isNaN(seconds) ? null : (Double) (1000 * seconds);
  }

  private static JsonObject json(Point p) {
    JsonObject point = new JsonObject();
    point.addProperty("threshold", (float) p.threshold());
    addMisses(point, p);
    addFalseAlarms(point, p);
    return point;
  }

  private static void addMisses(JsonObject to, Point p) {
    to.addProperty("miss_rate", p.missRate());
    to.add("miss_rate_95", bounds(p.missBounds()));
  }

  private static void addFalseAlarms(JsonObject to, Point p) {
    to.addProperty("false_alarms", p.falseAlarms());
    to.addProperty("false_alarms_per_hour", p.perHour());
    to.add("false_alarms_per_hour_95", bounds(p.perHourBounds()));
  }

  private static JsonArray bounds(Confidence c) {
    JsonArray bounds = new JsonArray();
    bounds.add(c.low());
    bounds.add(c.high());
    return bounds;
  }
}
