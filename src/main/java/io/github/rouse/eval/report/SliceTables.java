// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Results of each slice as tables whose first row is the header. All are at the model's threshold;
 * miss rates are also given at the usual false alarms per hour over all negatives.
 */
public final class SliceTables {
  private SliceTables() {}

  /** A table of the positives, then one of the negatives; each only if it has several slices. */
  public static List<List<List<String>>> of(Evaluation e) {
    List<List<List<String>>> tables = new ArrayList<>();
    if (e.positiveSlices().size() > 1) {
      tables.add(positives(e));
    }
    if (e.negativeSlices().size() > 1) {
      List<String> head = List.of("negatives", "hours", "false alarms", "per hour", "95 %");
      tables.add(table(e, head, e.negativeSlices(), SliceTables::falseAlarms));
    }
    return tables;
  }

  private static List<List<String>> positives(Evaluation e) {
    List<String> head = new ArrayList<>(List.of("positives", "clips", "missed", "95 %"));
    Evaluation.RATES.forEach(rate -> head.add(format("at %.1f/h", rate)));
    List<List<String>> rows = table(e, head, e.positiveSlices(), SliceTables::misses);
    for (List<String> row : rows.subList(1, rows.size())) {
      Evaluation slice = e.slice(row.get(0));
      for (double rate : Evaluation.RATES) {
        row.add(
            e.atFalseAlarms(rate)
                .map(point -> format("%.1f %%", 100 * slice.at(point.threshold()).missRate()))
                .orElse("-"));
      }
    }
    return rows;
  }

  private static List<List<String>> table(
      Evaluation e, List<String> head, List<String> slices, Function<Point, List<String>> cells) {
    List<List<String>> rows = new ArrayList<>(List.of(head));
    for (String slice : slices) {
      List<String> row = new ArrayList<>(List.of(slice));
      row.addAll(cells.apply(e.slice(slice).at(e.threshold())));
      rows.add(row);
    }
    return rows;
  }

  private static List<String> misses(Point p) {
    Confidence bounds = p.missBounds();
    return List.of(
        Integer.toString(p.positives()),
        format("%.1f %%", 100 * p.missRate()),
        format("%.1f to %.1f %%", 100 * bounds.low(), 100 * bounds.high()));
  }

  private static List<String> falseAlarms(Point p) {
    Confidence bounds = p.perHourBounds();
    return List.of(
        format("%.2f", p.hours()),
        Integer.toString(p.falseAlarms()),
        format("%.2f", p.perHour()),
        format("%.2f to %.2f", bounds.low(), bounds.high()));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
