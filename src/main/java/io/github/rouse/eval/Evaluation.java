package io.github.rouse.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a model made of positives and negatives, and the figures in it: a sweep over the scores of
 * one run at a low threshold.
 *
 * @param word the word listened for
 * @param threshold the model's own
 * @param positives in the order heard
 * @param falseAlarms in the order heard
 * @param negativeSeconds of each slice of the negatives
 */
public record Evaluation(
    String word,
    double threshold,
    List<Positive> positives,
    List<FalseAlarm> falseAlarms,
    Map<String, Double> negativeSeconds) {
  static final float LOWEST = 0.02f; // threshold of the run, unless the model's own is lower

  /** The false alarms per hour at which models are compared. */
  public static final List<Double> RATES = List.of(0.1, 0.5, 1.0);

  /**
   * One clip of the word.
   *
   * @param start where in the stream the word begins, samples
   * @param end where it ends
   * @param score of the strongest event on it; 0 if there was none
   * @param latency seconds from the word's end, by energy, to the decision; NaN without event
   */
  public record Positive(Recording recording, long start, long end, double score, double latency) {}

  /**
   * An event where no word was.
   *
   * @param second of its estimated start in the recording
   * @param stream number of the stream of negatives
   * @param start its estimated start in the stream, samples
   * @param at where in the stream the decision fell, samples
   */
  public record FalseAlarm(
      Recording recording, double second, int stream, long start, long at, double score) {}

  /**
   * One threshold.
   *
   * @param threshold a float
   * @param missed positives without an event of that score
   * @param falseAlarms events of that score in the negatives
   * @param hours of negatives
   */
  public record Point(double threshold, int missed, int positives, int falseAlarms, double hours) {
    /** The threshold in as few digits as tell it from every other float. */
    public String thresholdText() {
      return Float.toString((float) threshold);
    }

    /** Share of the positives that were missed. */
    public double missRate() {
      return (double) missed / positives;
    }

    /** The miss rate's 95 % bounds. */
    public Confidence missBounds() {
      return Confidence.binomial(missed, positives);
    }

    /** False alarms per hour. */
    public double perHour() {
      return falseAlarms / hours;
    }

    /** Their 95 % bounds. */
    public Confidence perHourBounds() {
      Confidence count = Confidence.poisson(falseAlarms);
      return new Confidence(count.low() / hours, count.high() / hours);
    }
  }

  /** The threshold at which a model of this threshold is heard. */
  public static float lowest(double threshold) {
    return Math.min(LOWEST, (float) threshold);
  }

  /** How long the negatives were. */
  public double negativeHours() {
    return negativeSeconds.values().stream().mapToDouble(s -> s).sum() / 3600;
  }

  /** What a threshold gives. */
  public Point at(double threshold) {
    int missed = (int) positives.stream().filter(p -> p.score() < threshold).count();
    int alarms = (int) falseAlarms.stream().filter(a -> a.score() >= threshold).count();
    return new Point(threshold, missed, positives.size(), alarms, negativeHours());
  }

  /**
   * All thresholds at which something changes, ascending. They are floats at most 1, so that {@code
   * --threshold} takes them: false alarms of a score of 1 are never excluded.
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
    int quiet = 0;
    for (float one : thresholds) {
      while (missed < hits.length && hits[missed] < one) {
        missed++;
      }
      while (quiet < alarms.length && alarms[quiet] < one) {
        quiet++;
      }
      points.add(new Point(one, missed, hits.length, alarms.length - quiet, hours));
    }
    return points.isEmpty() ? List.of(at(lowest)) : points;
  }

  /**
   * The point of fewest misses with at most so many false alarms an hour; none if more than that
   * have a score of 1.
   */
  public Optional<Point> atFalseAlarms(double perHour) {
    double most = perHour * negativeHours();
    return points().stream().filter(p -> p.falseAlarms() <= most).findFirst();
  }

  /**
   * A quantile, 0 to 1, of the seconds from a word's end to the decision, of the hits at the
   * model's own threshold, as decided in the run at a low one; NaN if there are none.
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

  /** Two of these in words. */
  public String latencies() {
    return Double.isNaN(latency(0.5))
        ? "none, no word was heard"
        : String.format(
            Locale.ROOT,
            "median %.0f ms, 95 %% %.0f ms",
            1000 * latency(0.5),
            1000 * latency(0.95));
  }

  /** The slices of the positives, in the order heard. */
  public List<String> positiveSlices() {
    return positives.stream().map(p -> p.recording().slice()).distinct().toList();
  }

  /** The slices of the negatives, in the order heard. */
  public List<String> negativeSlices() {
    return new ArrayList<>(negativeSeconds.keySet());
  }

  /** This, of the positives and negatives of one slice. */
  public Evaluation slice(String name) {
    return new Evaluation(
        word,
        threshold,
        positives.stream().filter(p -> p.recording().slice().equals(name)).toList(),
        falseAlarms.stream().filter(a -> a.recording().slice().equals(name)).toList(),
        Map.of(name, negativeSeconds.getOrDefault(name, 0.0)));
  }
}
