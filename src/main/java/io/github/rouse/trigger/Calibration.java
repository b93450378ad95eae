package io.github.rouse.trigger;

import java.util.Collections;
import java.util.List;

/**
 * What a model raises in hours of sound without its words: from this a threshold follows for each
 * rate of false alarms.
 *
 * <p>Between the weakest and the {@value #TAIL}th strongest false alarm the rate is counted.
 * Beyond, where hours would have to be many for a count, the logits of the scores above a high one
 * are taken as exponentially distributed (peaks over threshold with a generalised Pareto shape of
 * zero; Coles 2001, chapter 4), which also tells how uncertain a rate is.
 *
 * @param hours heard
 * @param scores of the false alarms, strongest first
 */
public record Calibration(double hours, List<Float> scores) {
  private static final int TAIL = 20; // scores that the exponential is fitted to
  private static final int FEWEST = 5; // that it can be fitted to
  private static final double LEAST_PER_HOUR = 0.02; // at a sensitivity of 0
  private static final double MOST_PER_HOUR = 10; // at a sensitivity of 1

  /** Sorts the scores, and refuses too few of them. */
  public Calibration {
    if (!(hours > 0 && hours < 1e6)) {
      throw new IllegalArgumentException("hours=" + hours + ", expected above 0");
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
    scores = scores.stream().sorted(Collections.reverseOrder()).toList();
  }

  /**
   * The false alarms per hour that a sensitivity from 0 to 1 stands for: even steps of its
   * logarithm.
   */
  public static double rateOf(double sensitivity) {
    return LEAST_PER_HOUR * Math.pow(MOST_PER_HOUR / LEAST_PER_HOUR, sensitivity);
  }

  /** The false alarms per hour to expect at a threshold. */
  public double perHour(float threshold) {
    double excess = logit(threshold) - tailStart();
    if (excess > 0) {
      return tail() / hours * Math.exp(-excess / tailMean());
    }
    return scores.stream().filter(score -> score >= threshold).count() / hours;
  }

  /**
   * The threshold at which to expect a rate of false alarms: the lowest ever seen to matter, if the
   * rate is above all that was heard.
   */
  public float threshold(double perHour) {
    double wanted = perHour * hours; // false alarms in as many hours
    if (wanted < tail()) {
      double logit = tailStart() + tailMean() * Math.log(tail() / wanted);
      return (float) (1 / (1 + Math.exp(-logit)));
    }
    return scores.get(Math.min((int) wanted, scores.size()) - 1);
  }

  /**
   * How far the true rate may be from {@link #perHour(float)}, as a factor either way with 95 %
   * confidence: of counting, and of the tail's estimated mean (delta method).
   */
  public double uncertainty(float threshold) {
    double distance = Math.max(0, (logit(threshold) - tailStart()) / tailMean());
    double count = distance > 0 ? tail() : Math.max(1, perHour(threshold) * hours);
    return Math.exp(1.96 * Math.sqrt((1 + distance * distance) / count));
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

  private static double logit(float score) {
    double inside = Math.min(1 - 1e-7, Math.max(1e-7, score));
    return Math.log(inside / (1 - inside));
  }
}
