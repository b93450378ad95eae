package io.github.rouse.trigger;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a model raises in hours of sound without its words: from this a threshold follows for each
 * rate of false alarms.
 *
 * <p>Between the weakest and the {@value #TAIL}th strongest false alarm the rate is counted.
 * Beyond, where hours would have to be many for a count, the logits of the scores above a high one
 * are taken as exponentially distributed (peaks over threshold with a generalised Pareto shape of
 * zero; Coles 2001, chapter 4), which also tells how uncertain a rate is. Scores that saturate at 1
 * are above every threshold there is.
 *
 * @param hours heard
 * @param times that each sound was heard among them, in variants: they do not tell independently
 * @param scores of the false alarms, strongest first; as many as matter for a rate of {@value
 *     #MOST_PER_HOUR} per hour
 */
public record Calibration(double hours, int times, List<Float> scores) {
  /** Scores that can be calibrated from. */
  public static final int FEWEST = 5;

  /** False alarms per hour at a sensitivity of 0. */
  public static final double LEAST_PER_HOUR = 0.02;

  /** False alarms per hour at a sensitivity of 1. */
  public static final double MOST_PER_HOUR = 10;

  private static final int TAIL = 20; // scores that the exponential is fitted to
  private static final float HIGHEST = Math.nextDown(1f); // threshold
  private static final double A_LITTLE = 1.05; // times the rate asked for: floats are few near 1

  /** Sorts the scores, keeps those that matter, and refuses too few of them. */
  public Calibration {
    if (!(hours > 0 && hours < 1e6)) {
      throw new IllegalArgumentException("hours=" + hours + ", expected above 0");
    }
    if (times < 1) {
      throw new IllegalArgumentException("times=" + times + ", expected at least 1");
    }
    if (scores.size() < FEWEST) {
      throw new IllegalArgumentException(
          "scores=" + scores.size() + " false alarms, expected at least " + FEWEST);
    }
    for (float score : scores) {
      if (!(score > 0 && score <= 1)) {
        throw new IllegalArgumentException("score=" + score + ", expected above 0 to 1");
      }
    }
    long kept = Math.max(TAIL, (long) Math.ceil(MOST_PER_HOUR * hours));
    scores = scores.stream().sorted(Collections.reverseOrder()).limit(kept).toList();
  }

  /**
   * The false alarms per hour that a sensitivity from 0 to 1 stands for: even steps of its
   * logarithm.
   */
  public static double rateOf(double sensitivity) {
    return LEAST_PER_HOUR * Math.pow(MOST_PER_HOUR / LEAST_PER_HOUR, sensitivity);
  }

  /** Refuses a rate of false alarms per hour that no calibration tells of. */
  public static void checkRate(double perHour) {
    if (!(perHour >= LEAST_PER_HOUR && perHour <= MOST_PER_HOUR)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "false-alarms-per-hour=%s, expected %s to %s",
              perHour,
              LEAST_PER_HOUR,
              MOST_PER_HOUR));
    }
  }

  /** The false alarms per hour to expect at a threshold; of those kept, below the weakest. */
  public double perHour(float threshold) {
    boolean beyond = distance(threshold) > 0;
    double expected = beyond ? Math.max(fitted(threshold), saturated()) : counted(threshold);
    return expected / hours;
  }

  /**
   * The threshold at which to expect a rate of false alarms, or the next lower rate that there is:
   * the weakest score kept, if the rate is above all that was heard. Below 1.
   *
   * @throws IllegalArgumentException if the scores saturate, so that every threshold gives more
   */
  public float threshold(double perHour) {
    if (!(perHour > 0)) {
      throw new IllegalArgumentException("perHour=" + perHour + ", expected above 0");
    }
    double wanted = perHour * hours; // false alarms in as many hours
    float threshold = Math.min(HIGHEST, exact(wanted));
    if (perHour(threshold) > perHour) { // rounded down, or equal scores
      threshold = Math.min(HIGHEST, Math.nextUp(threshold));
    }
    if (perHour(threshold) > A_LITTLE * perHour) {
      throw new IllegalArgumentException(
          perHour + " false alarms per hour: the scores saturate: no threshold gives this rate");
    }
    return threshold;
  }

  private float exact(double wanted) {
    if (wanted < tail()) {
      double logit = tailStart() + tailMean() * Math.log(tail() / wanted);
      return (float) (1 / (1 + Math.exp(-logit)));
    }
    return scores.get((int) Math.min(wanted, scores.size()) - 1);
  }

  /**
   * How far the true rate may be from {@link #perHour(float)}, as a factor either way with 95 %
   * confidence: of counting, and of the tail's estimated mean (delta method). As if the variants of
   * a sound raised all the same false alarms.
   */
  public double uncertainty(float threshold) {
    double distance = distance(threshold);
    if (distance > 0 && fitted(threshold) > saturated()) {
      return factor((1 + distance * distance) / tail());
    }
    return factor(1 / Math.max(1, perHour(threshold) * hours));
  }

  private double factor(double variance) {
    return Math.exp(1.96 * Math.sqrt(times * variance));
  }

  /** False alarms that no threshold excludes. */
  private int saturated() {
    return counted(HIGHEST);
  }

  private int counted(float threshold) {
    return (int) scores.stream().filter(score -> score >= threshold).count();
  }

  private double fitted(float threshold) {
    return tail() * Math.exp(-distance(threshold));
  }

  /** From the tail's start, in means of the exponential. */
  private double distance(float threshold) {
    return (logit(threshold) - tailStart()) / tailMean();
  }

  private int tail() {
    return Math.min(TAIL, scores.size());
  }

  private double tailStart() {
    return logit(scores.get(tail() - 1));
  }

  /** Mean excess of the tail's logits, the exponential's scale. */
  private double tailMean() {
    double sum = 0;
    for (int i = 0; i < tail() - 1; i++) {
      sum += logit(scores.get(i)) - tailStart();
    }
    return Math.max(1e-3, sum / (tail() - 1));
  }

  /** Of 1, the least that rounds to it. */
  private static double logit(float score) {
    double inside = Math.min(1 - 0x1p-25, Math.max(Float.MIN_VALUE, score));
    return Math.log(inside / (1 - inside));
  }
}
