// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Relates thresholds to false alarms per hour, from the false alarms that a model raised on sound
 * without its words.
 *
 * <p>Between the weakest and the {@value #TAIL}th strongest false alarm, the rate is counted.
 * Beyond that, counting would take too many hours: the logits of the highest scores are modelled as
 * exponential (peaks over threshold with a generalised Pareto shape of zero; Coles 2001, chapter
 * 4), which also gives the rate's uncertainty. No threshold excludes a score that saturates at 1.
 *
 * <pre>{@code
 * Calibration calibration = model.calibration().orElseThrow();
 * double perHour = calibration.perHour(model.policy().threshold());
 * WakeModel strict = model.withThreshold(calibration.threshold(0.1)); // one in ten hours
 * }</pre>
 *
 * @param hours of sound
 * @param times how often each sound occurs in those hours, as variants; variants are not
 *     independent
 * @param scores of the false alarms, strongest first, kept down to a rate of {@value
 *     #MOST_PER_HOUR} per hour
 */
public record Calibration(double hours, int times, List<Float> scores) {
  /** The fewest scores a calibration accepts. */
  public static final int FEWEST = 5;

  /** False alarms per hour at a sensitivity of 0. */
  public static final double LEAST_PER_HOUR = 0.02;

  /** False alarms per hour at a sensitivity of 1. */
  public static final double MOST_PER_HOUR = 10;

  private static final int TAIL = 20; // scores that the exponential is fitted to
  private static final float HIGHEST = Math.nextDown(1f); // threshold
  private static final double RATE_TOLERANCE = 1.05; // floats are sparse near 1

  /** Sorts the scores, keeps those that matter, and rejects too few of them. */
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
    scores =
        scores.stream()
            .sorted(Collections.reverseOrder())
            .limit(kept)
            .collect(Collectors.toUnmodifiableList());
  }

  /** Maps a sensitivity, 0 to 1, to false alarms per hour on a logarithmic scale. */
  public static double rateOf(double sensitivity) {
    return LEAST_PER_HOUR * Math.pow(MOST_PER_HOUR / LEAST_PER_HOUR, sensitivity);
  }

  /** Rejects a rate of false alarms per hour outside the calibrated range. */
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

  /**
   * The expected false alarms per hour at a threshold; below the weakest kept score, the rate at
   * that score.
   */
  public double perHour(float threshold) {
    boolean beyond = distance(threshold) > 0;
    double expected = beyond ? Math.max(fitted(threshold), saturated()) : counted(threshold);
    return expected / hours;
  }

  /**
   * The threshold for a rate of false alarms, or for the next lower rate that a threshold can give:
   * the weakest kept score, if the rate exceeds all false alarms. Below 1.
   *
   * @throws IllegalArgumentException if the scores saturate, so that every threshold gives a higher
   *     rate
   */
  public float threshold(double perHour) {
    if (!(perHour > 0)) {
      throw new IllegalArgumentException("perHour=" + perHour + ", expected above 0");
    }
    double wanted = perHour * hours; // false alarms in all hours
    float threshold = Math.min(HIGHEST, exact(wanted));
    if (perHour(threshold) > perHour) { // rounded down, or equal scores
      threshold = Math.min(HIGHEST, Math.nextUp(threshold));
    }
    if (perHour(threshold) > RATE_TOLERANCE * perHour) {
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
   * The 95 % confidence interval of {@link #perHour(float)}, as a factor either way: from counting,
   * and from the estimated mean of the tail (delta method). Assumes that all variants of a sound
   * raise the same false alarms.
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

  /** Counts the false alarms that no threshold excludes. */
  private int saturated() {
    return counted(HIGHEST);
  }

  private int counted(float threshold) {
    return (int) scores.stream().filter(score -> score >= threshold).count();
  }

  private double fitted(float threshold) {
    return tail() * Math.exp(-distance(threshold));
  }

  /** Distance from the tail's start, in means of the exponential. */
  private double distance(float threshold) {
    return (logit(threshold) - tailStart()) / tailMean();
  }

  private int tail() {
    return Math.min(TAIL, scores.size());
  }

  private double tailStart() {
    return logit(scores.get(tail() - 1));
  }

  /** Mean excess of the tail's logits: the scale of the exponential. */
  private double tailMean() {
    double sum = 0;
    for (int i = 0; i < tail() - 1; i++) {
      sum += logit(scores.get(i)) - tailStart();
    }
    return Math.max(1e-3, sum / (tail() - 1));
  }

  /** The logit of a score; 1 counts as the smallest number that rounds to it. */
  private static double logit(float score) {
    double inside = Math.min(1 - 0x1p-25, Math.max(Float.MIN_VALUE, score));
    return Math.log(inside / (1 - inside));
  }
}
