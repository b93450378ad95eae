package io.github.rouse.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of an evaluation, for people and for programs. */
final class EvalFigures {

  private EvalFigures() {}

  /** Lines to read. */
  static List<String> text(Evaluation e) {
    List<String> lines = new ArrayList<>();
    lines.add(format("%d positives, %.2f h of negatives", e.positives().size(), e.negativeHours()));
    for (double rate : Evaluation.RATES) {
      lines.add(format("at %.1f/h: %s", rate, line(e.atFalseAlarms(rate))));
    }
    lines.add("as it is: " + line(e.at(e.threshold())));
    lines.add(
        format(
            "latency from the word's end: median %.0f ms, 95 %% %.0f ms",
            1000 * e.latency(0.5), 1000 * e.latency(0.95)));
    if (e.positiveSlices().size() > 1) {
      lines.add(format("%-40s %6s %8s  %s", "positives", "clips", "missed", "95 %"));
      for (String slice : e.positiveSlices()) {
        Point p = e.slice(slice).at(e.threshold());
        lines.add(
            format(
                "%-40s %6d %6.1f %%  %.1f-%.1f",
                slice,
                p.positives(),
                100 * p.missRate(),
                100 * p.missBounds().low(),
                100 * p.missBounds().high()));
      }
    }
    if (e.negativeSlices().size() > 1) {
      lines.add(format("%-40s %6s %8s  %6s  %s", "negatives", "hours", "alarms", "per h", "95 %"));
      for (String slice : e.negativeSlices()) {
        Point p = e.slice(slice).at(e.threshold());
        lines.add(
            format(
                "%-40s %6.2f %8d  %6.2f  %.2f-%.2f",
                slice,
                p.hours(),
                p.falseAlarms(),
                p.perHour(),
                p.perHourBounds().low(),
                p.perHourBounds().high()));
      }
    }
    return lines;
  }

  private static String line(Point p) {
    return format(
        "missed %.1f %% (%.1f-%.1f), %d false alarms (%.2f-%.2f/h), threshold %.4f",
        100 * p.missRate(),
        100 * p.missBounds().low(),
        100 * p.missBounds().high(),
        p.falseAlarms(),
        p.perHourBounds().low(),
        p.perHourBounds().high(),
        p.threshold());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** One object. */
  static JsonObject json(Evaluation e) {
    JsonObject json = new JsonObject();
    json.addProperty("word", e.word());
    json.addProperty("positives", e.positives().size());
    json.addProperty("negative_hours", e.negativeHours());
    JsonArray points = new JsonArray();
    e.points().forEach(p -> points.add(json(p)));
    json.add("points", points);
    JsonObject at = new JsonObject();
    for (double rate : Evaluation.RATES) {
      String name = rate == Math.rint(rate) ? Long.toString(Math.round(rate)) : "" + rate;
      at.addProperty(name, e.atFalseAlarms(rate).missRate());
    }
    json.add("at", at);
    json.add("as_it_is", json(e.at(e.threshold())));
    JsonObject latency = new JsonObject();
    latency.addProperty("median", milliseconds(e.latency(0.5)));
    latency.addProperty("p95", milliseconds(e.latency(0.95)));
    json.add("latency_ms", latency);
    JsonObject slices = new JsonObject();
    JsonObject positives = new JsonObject();
    for (String slice : e.positiveSlices()) {
      Point p = e.slice(slice).at(e.threshold());
      JsonObject one = new JsonObject();
      one.addProperty("positives", p.positives());
      addMisses(one, p);
      positives.add(slice, one);
    }
    slices.add("positives", positives);
    JsonObject negatives = new JsonObject();
    for (String slice : e.negativeSlices()) {
      Point p = e.slice(slice).at(e.threshold());
      JsonObject one = new JsonObject();
      one.addProperty("hours", p.hours());
      addFalseAlarms(one, p);
      negatives.add(slice, one);
    }
    slices.add("negatives", negatives);
    json.add("slices", slices);
    return json;
  }

  /** Null where there is none: JSON knows no NaN. */
  private static Double milliseconds(double seconds) {
    return Double.isNaN(seconds) ? null : (Double) (1000 * seconds);
  }

  private static JsonObject json(Point p) {
    JsonObject point = new JsonObject();
    point.addProperty("threshold", p.threshold());
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
