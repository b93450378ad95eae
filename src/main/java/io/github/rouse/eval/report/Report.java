// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.eval.Confidence;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluation.FalseAlarm;
import io.github.rouse.eval.Evaluation.Point;
import io.github.rouse.eval.Evaluation.Positive;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.Excerpt;
import io.github.rouse.eval.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Renders an evaluation on a page: figures, curves, and the worst cases with picture and sound. */
public final class Report {

  private static final int WORST = 9; // cases of each kind
  private static final int TYPICAL = 3;
  private static final int BINS = 40; // of the histograms
  private static final int MOST_POINTS = 400; // of a curve

  private final Page page;
  private final Evaluator evaluator;
  private final Evaluation evaluation;

  private Report(Page page, Evaluator evaluator, Evaluation evaluation) {
    this.page = page;
    this.evaluator = evaluator;
    this.evaluation = evaluation;
  }

  /** Adds the sections of an evaluation to a page. */
  public static void add(Page page, Evaluator evaluator, Evaluation evaluation) throws IOException {
    Report report = new Report(page, evaluator, evaluation);
    report.figures();
    report.detCurve();
    report.histograms();
    report.slices();
    report.positives();
    report.falseAlarms();
  }

  private void figures() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "missed", "95 %", "false alarms", "per hour, 95 %", "threshold"));
    for (double rate : Evaluation.RATES) {
      String name = format(rate < 1 ? "at %.1f per hour" : "at %.0f per hour", rate);
      List<String> none = List.of(name, "", "", "", "", "none: the scores saturate");
      String label = evaluation.measures(rate) ? name : name + ", too few hours to tell";
      rows.add(evaluation.atFalseAlarms(rate).map(point -> row(label, point)).orElse(none));
    }
    rows.add(row("the model's threshold", evaluation.at(evaluation.threshold())));
    page.paragraph(
            format(
                "%d clips of \"%s\"; %.2f hours without it. From the word's end to the decision:"
                    + " %s.",
                evaluation.positives().size(),
                evaluation.word(),
                evaluation.negativeHours(),
                evaluation.latencies()))
        .table(rows)
        .paragraph(
            format(
                "All figures, including those at the model's threshold and the latency, come from"
                    + " the scores of one run at a threshold of %s. If posteriors stay high between"
                    + " words, a separate run at a higher threshold can raise more events.",
                Evaluation.lowest(evaluation.threshold())));
  }

  private static List<String> row(String name, Point p) {
    return List.of(
        name,
        percent(p.missRate()),
        bounds(100, p.missBounds(), 1) + " %",
        Integer.toString(p.falseAlarms()),
        bounds(1, p.perHourBounds(), 2),
        p.thresholdText());
  }

  private void detCurve() {
    List<Point> all = evaluation.points();
    Point silent = evaluation.atFalseAlarms(0).orElse(all.get(all.size() - 1));
    List<Point> points = new ArrayList<>();
    int stride = 1 + all.size() / MOST_POINTS;
    for (int i = 0; i < all.size() && all.get(i).threshold() < silent.threshold(); i += stride) {
      points.add(all.get(i));
    }
    points.add(silent);
    double low = Math.pow(10, Math.floor(Math.log10(0.5 / evaluation.negativeHours())));
    double high = Math.max(10 * low, 1.2 * points.get(0).perHour());
    Point own = evaluation.at(evaluation.threshold());
    double worst = Math.max(own.missBounds().high(), silent.missBounds().high());
    double top = Math.min(1, Math.ceil(10 * worst) / 10);
    double[][] curve = stairs(points, Point::missRate);
    double[][] upper = stairs(points, p -> p.missBounds().high());
    List<double[]> band = new ArrayList<>(List.of(stairs(points, p -> p.missBounds().low())));
    for (int i = upper.length - 1; i >= 0; i--) {
      band.add(upper[i]);
    }
    Chart chart =
        new Chart(
            new Chart.Axis("false alarms per hour", low, high, true),
            new Chart.Axis("missed, %", 0, 100 * top, false),
            400);
    chart.band(band.toArray(double[][]::new)).line("first", "", curve);
    Confidence missed = own.missBounds();
    chart.point(
        own.perHour(),
        own.perHourBounds(),
        100 * own.missRate(),
        new Confidence(100 * missed.low(), 100 * missed.high()),
        "threshold " + own.thresholdText());
    page.heading("Misses against false alarms")
        .chart(chart, "DET curve")
        .paragraph(
            "The band shows the 95 % bounds of the miss rate. The cross marks the model's"
                + " threshold, with the bounds of both rates. The left end of the axis means no"
                + " false alarms.");
  }

  /**
   * A step curve of a value, in percent, over false alarms per hour. As the threshold rises, misses
   * change before false alarms.
   */
  private static double[][] stairs(List<Point> points, ToDoubleFunction<Point> value) {
    double[][] path = new double[2 * points.size() - 1][];
    for (int i = 0; i < points.size(); i++) {
      double y = 100 * value.applyAsDouble(points.get(i));
      path[2 * i] = new double[] {points.get(i).perHour(), y};
      if (i > 0) {
        path[2 * i - 1] = new double[] {points.get(i - 1).perHour(), y};
      }
    }
    return path;
  }

  private void histograms() {
    page.heading("Scores");
    histogram("clips", "first", evaluation.positives().stream().map(Positive::score).toList());
    histogram(
        "false alarms",
        "second",
        evaluation.falseAlarms().stream().map(FalseAlarm::score).toList());
    page.paragraph(
        "Dashed: the model's threshold. Clips without an event score 0. The count axis is"
            + " logarithmic.");
  }

  private void histogram(String name, String style, List<Double> scores) {
    int[] counts = new int[BINS];
    int most = 1;
    for (double score : scores) {
      int bin = (int) Math.min(BINS - 1, score * BINS);
      most = Math.max(most, ++counts[bin]);
    }
    Chart chart =
        new Chart(
            new Chart.Axis("score of " + name, 0, 1, false),
            new Chart.Axis("count", 0.7, 2 * most, true),
            200);
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0) {
        chart.bar(style, (double) bin / BINS, (bin + 1.0) / BINS, counts[bin]);
      }
    }
    page.chart(chart.upright(evaluation.threshold()), "scores of " + name);
  }

  private void slices() {
    for (List<List<String>> table : SliceTables.of(evaluation)) {
      page.heading("By slice: " + table.get(0).get(0)).table(table);
    }
  }

  private void positives() throws IOException {
    List<Positive> sorted = new ArrayList<>(evaluation.positives());
    sorted.sort(Comparator.comparingDouble(Positive::score));
    List<Positive> worst = sorted.subList(0, Math.min(WORST, sorted.size()));
    int middle = Math.max(worst.size(), sorted.size() / 2);
    List<Positive> typical =
        sorted.subList(Math.min(middle, sorted.size()), Math.min(middle + TYPICAL, sorted.size()));
    List<Positive> shown = new ArrayList<>(worst);
    shown.addAll(typical);
    List<Excerpt> excerpts = evaluator.excerptsOfPositives(shown);
    page.heading("Clips missed or nearly missed")
        .paragraph("Posterior over spectrogram. Green: the word. White: the decision.");
    page.openCases();
    for (int i = 0; i < shown.size(); i++) {
      if (i == worst.size()) {
        page.closeCases();
        page.heading("Clips with median scores");
        page.openCases();
      }
      Positive p = shown.get(i);
      Excerpt excerpt = excerpts.get(i);
      double[] word = {excerpt.seconds(p.start()), excerpt.seconds(p.end())};
      String verdict = p.score() < evaluation.threshold() ? "missed" : "detected";
      page.excerpt(
          excerpt,
          ExcerptPicture.svg(excerpt, evaluation.threshold(), word, word[1] + p.latency()),
          format("%s: %s, score %.3f", shown(p.recording()), verdict, p.score()));
    }
    page.closeCases();
  }

  private void falseAlarms() throws IOException {
    List<FalseAlarm> shown =
        evaluation.falseAlarms().stream()
            .sorted(Comparator.comparingDouble(FalseAlarm::score).reversed())
            .limit(WORST)
            .toList();
    page.heading("False alarms and near false alarms");
    if (shown.isEmpty()) {
      page.paragraph("None.");
      return;
    }
    List<Excerpt> excerpts = evaluator.excerptsOfFalseAlarms(shown);
    page.openCases();
    for (int i = 0; i < shown.size(); i++) {
      FalseAlarm a = shown.get(i);
      Excerpt excerpt = excerpts.get(i);
      double at = excerpt.seconds(a.at());
      page.excerpt(
          excerpt,
          ExcerptPicture.svg(
              excerpt, evaluation.threshold(), new double[] {excerpt.seconds(a.start()), at}, at),
          format(
              "%s at %.1f s: %s, score %.3f",
              a.recording().name(),
              a.second(),
              a.score() < evaluation.threshold() ? "below threshold" : "false alarm",
              a.score()));
    }
    page.closeCases();
  }

  private String shown(Recording recording) {
    String name = recording.name();
    return evaluation.positiveSlices().size() > 1 ? name + ", " + recording.slice() : name;
  }

  private static String percent(double share) {
    return format("%.1f %%", 100 * share);
  }

  private static String bounds(double factor, Confidence c, int digits) {
    String pattern = "%." + digits + "f";
    return format(pattern, factor * c.low()) + "–" + format(pattern, factor * c.high());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
