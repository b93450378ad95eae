// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Results of a model on positives and negatives. All figures are a sweep over the scores of one run
 * at a low threshold.
 *
 * @param word the evaluated word
 * @param threshold the model's threshold
 * @param positives in the order played
 * @param falseAlarms in the order played
 * @param negativeSeconds by slice of the negatives
 */
public record Evaluation(
    String word,
    double threshold,
    List<Positive> positives,
    List<FalseAlarm> falseAlarms,
    Map<String, Double> negativeSeconds) {
  static final float LOWEST = 0.02f; // threshold of the run, unless the model's is lower

  /** False alarms per hour at which models are compared. */
  public static final List<Double> RATES = List.of(0.1, 0.5, 1.0);

  /**
   * One clip of the word.
   *
   * @param start of the word in the stream, samples
   * @param end of the word in the stream, samples
   * @param score of the strongest event on the clip; 0 if there was none
   * @param latency seconds from the word's end, by energy, to the first event at the model's
   *     threshold, or to the strongest if none reaches it; NaN without an event
   */
  public record Positive(Recording recording, long start, long end, double score, double latency) {}

  /**
   * An event in the negatives.
   *
   * @param second estimated start in the recording
   * @param stream number of the stream of negatives
   * @param start estimated start in the stream, samples
   * @param at decision in the stream, samples
   */
  public record FalseAlarm(
      Recording recording, double second, int stream, long start, long at, double score) {}

  /**
   * The counts at one threshold.
   *
   * @param threshold a float
   * @param missed positives without an event at or above the threshold
   * @param falseAlarms events at or above the threshold
   * @param hours of negatives
   */
  public record Point(double threshold, int missed, int positives, int falseAlarms, double hours) {
    /** The threshold in the fewest digits that identify the float. */
    public String thresholdText() {
      return Float.toString((float) threshold);
    }

    /** Share of positives missed. */
    public double missRate() {
      return (double) missed / positives;
    }

    /** 95 % bounds of the miss rate. */
    public Confidence missBounds() {
      return Confidence.binomial(missed, positives);
    }

    /** False alarms per hour. */
    public double perHour() {
      return falseAlarms / hours;
    }

    /** 95 % bounds of the false alarms per hour. */
    public Confidence perHourBounds() {
      Confidence count = Confidence.poisson(falseAlarms);
      return new Confidence(count.low() / hours, count.high() / hours);
    }
  }

  /** The threshold of the run, for a model with this threshold. */
  public static float lowest(double threshold) {
    return Math.min(LOWEST, (float) threshold);
  }

  /** Length of the negatives, hours. */
  public double negativeHours() {
    return negativeSeconds.values().stream().mapToDouble(s -> s).sum() / 3600;
  }

  /** Whether the negatives are long enough to expect at least one false alarm at a rate. */
  public boolean measures(double perHour) {
    return perHour * negativeHours() >= 1;
  }

  /** The counts at a threshold. */
  public Point at(double threshold) {
    int missed = (int) positives.stream().filter(p -> p.score() < threshold).count();
    int alarms = (int) falseAlarms.stream().filter(a -> a.score() >= threshold).count();
    return new Point(threshold, missed, positives.size(), alarms, negativeHours());
  }

  /**
   * The counts at every threshold where they change, ascending. Thresholds are floats of at most 1,
   * as {@code --threshold} accepts, so false alarms with a score of 1 are never excluded.
   */
  public List<Point> points() {
    double[] hits = positives.stream().mapToDouble(Positive::score).sorted().toArray();
    double[] alarms = falseAlarms.stream().mapToDouble(FalseAlarm::score).sorted().toArray();
    TreeSet<Float> thresholds = new TreeSet<>();
    float lowest = lowest(threshold);
    Arrays.stream(hits).forEach(hit -> thresholds.add(Math.max(lowest, (float) hit)));
    Arrays.stream(alarms).forEach(alarm -> thresholds.add(Math.nextUp((float) alarm)));
    thresholds.tailSet(1f, false).clear();
    double hours = negativeHours();
    List<Point> points = new ArrayList<>();
    int missed = 0;
    int rejected = 0;
    for (float one : thresholds) {
      while (missed < hits.length && hits[missed] < one) {
        missed++;
      }
      while (rejected < alarms.length && alarms[rejected] < one) {
        rejected++;
      }
      points.add(new Point(one, missed, hits.length, alarms.length - rejected, hours));
    }
    return points.isEmpty() ? List.of(at(lowest)) : points;
  }

  /**
   * The point with the fewest misses at a limit of false alarms per hour; empty if more than that
   * have a score of 1.
   */
  public Optional<Point> atFalseAlarms(double perHour) {
    double most = perHour * negativeHours();
    return points().stream().filter(p -> p.falseAlarms() <= most).findFirst();
  }

  /**
   * A quantile, 0 to 1, of the latency in seconds, over the hits at the model's threshold. Decision
   * times are those of the run at the low threshold. NaN if there are no hits.
   */
  public double latency(double quantile) {
    double[] sorted =
        positives.stream()
            .filter(p -> p.score() >= threshold)
            .mapToDouble(Positive::latency)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
  }

  /** Median and 95 % latency as text. */
  public String latencies() {
    return Double.isNaN(latency(0.5))
        ? "none, no word was detected"
        : String.format(
            Locale.ROOT,
            "median %.0f ms, 95 %% %.0f ms",
            1000 * latency(0.5),
            1000 * latency(0.95));
  }

  /** The slices of the positives, in the order played. */
  public List<String> positiveSlices() {
    return positives.stream().map(p -> p.recording().slice()).distinct().toList();
  }

  /** The slices of the negatives, in the order played. */
  public List<String> negativeSlices() {
    return new ArrayList<>(negativeSeconds.keySet());
  }

  /** The results of one slice. */
  public Evaluation slice(String name) {
    return new Evaluation(
        word,
        threshold,
        positives.stream().filter(p -> p.recording().slice().equals(name)).toList(),
        falseAlarms.stream().filter(a -> a.recording().slice().equals(name)).toList(),
        Map.of(name, negativeSeconds.getOrDefault(name, 0.0)));
  }
}
