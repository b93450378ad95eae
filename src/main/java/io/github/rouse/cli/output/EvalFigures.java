// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.Point;
import io.github.rouse.eval.report.SliceTables;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Formats an evaluation as text or JSON. */
public final class EvalFigures {

  private EvalFigures() {}

  /** The evaluation as lines of text. */
  public static List<String> text(Evaluation e, WakeModel model) {
    List<String> lines = new ArrayList<>();
    lines.add(format("%d positives, %.2f h of negatives", e.positives().size(), e.negativeHours()));
    for (double rate : Evaluation.RATES) {
      String few = e.measures(rate) ? "" : "; too few hours to tell";
      lines.add(format("at %.1f/h: %s%s", rate, line(e.atFalseAlarms(rate)), few));
    }
    String whose =
        model.words().size() > 1 ? " of all words" : ""; // the calibration covers all words
    model
        .calibration()
        .ifPresent(
            c -> {
              for (double rate : Evaluation.RATES) {
                lines.add(
                    format(
                        "calibrated for %.1f/h%s: %s", rate, whose, line(calibrated(e, c, rate))));
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

  /** The result at the calibrated threshold for a rate, if there is one. */
  private static Optional<Point> calibrated(Evaluation e, Calibration calibration, double rate) {
    float threshold;
    try {
      threshold = calibration.threshold(rate);
    } catch (IllegalArgumentException saturated) {
      return Optional.empty();
    }
    return Optional.of(e.at(threshold));
  }

  private static String name(double rate) {
    return rate == Math.rint(rate) ? Long.toString(Math.round(rate)) : "" + rate;
  }

  private static String line(Optional<Point> point) {
    return point
        .map(EvalFigures::line)
        .orElse("no threshold reaches this rate: the scores saturate");
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

  /** The evaluation as one JSON object. */
  public static JsonObject json(Evaluation e, WakeModel model) {
    JsonObject json = new JsonObject();
    json.addProperty("word", e.word());
    json.addProperty("positives", e.positives().size());
    json.addProperty("negative_hours", e.negativeHours());
    JsonArray points = new JsonArray();
    e.points().forEach(p -> points.add(json(p)));
    json.add("points", points);
    json.add("at", missRates(e, e));
    json.add("as_it_is", json(e.at(e.threshold())));
    json.add("calibrated", model.calibration().map(c -> json(e, c)).orElse(null));
    JsonObject latency = new JsonObject();
    latency.addProperty("median", milliseconds(e.latency(0.5)));
    latency.addProperty("p95", milliseconds(e.latency(0.95)));
    json.add("latency_ms", latency);
    JsonObject slices = new JsonObject();
    JsonObject positives = slices(e, e.positiveSlices(), EvalFigures::addClips);
    for (String name : e.positiveSlices()) {
      positives.getAsJsonObject(name).add("at", missRates(e, e.slice(name)));
    }
    slices.add("positives", positives);
    slices.add("negatives", slices(e, e.negativeSlices(), EvalFigures::addHours));
    json.add("slices", slices);
    return json;
  }

  /** Results by rate; null if no threshold gives it. */
  private static JsonObject json(Evaluation e, Calibration calibration) {
    JsonObject points = new JsonObject();
    for (double rate : Evaluation.RATES) {
      Optional<Point> point = calibrated(e, calibration, rate);
      points.add(name(rate), point.map(EvalFigures::json).orElse(null));
    }
    return points;
  }

  /**
   * A slice's miss rates at the thresholds where all negatives give the usual false alarms per
   * hour; null where none does.
   */
  private static JsonObject missRates(Evaluation all, Evaluation slice) {
    JsonObject at = new JsonObject();
    for (double rate : Evaluation.RATES) {
      Optional<Point> point = all.atFalseAlarms(rate);
      at.addProperty(name(rate), point.map(p -> slice.at(p.threshold()).missRate()).orElse(null));
    }
    return at;
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

  /** Null for NaN, which JSON does not have. */
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
