package io.github.rouse.eval;

import java.util.function.DoubleUnaryOperator;

/**
 * Exact 95 % bounds.
 *
 * @param low 2.5 % below this
 * @param high 2.5 % above this
 */
public record Confidence(double low, double high) {
  private static final double TAIL = 0.025;
  private static final int HALVINGS = 60;

  /** Of the probability behind {@code count} of {@code trials} (Clopper and Pearson 1934). */
  public static Confidence binomial(int count, int trials) {
    double low = count == 0 ? 0 : root(0, 1, p -> 1 - binomialSum(count - 1, trials, p));
    double high = count == trials ? 1 : 1 - root(0, 1, q -> binomialSum(count, trials, 1 - q));
    return new Confidence(low, high);
  }

  /** Of the mean behind {@code count} events (Garwood 1936). */
  public static Confidence poisson(int count) {
    double most = 20 + 3.0 * count;
    double low = count == 0 ? 0 : root(0, most, mean -> 1 - poissonSum(count - 1, mean));
    // With none seen, all of the 5 % lies above: 3 events, the rule of three.
    double tail = count == 0 ? 2 * TAIL : TAIL;
    double high = most - root(0, most, gap -> poissonSum(count, most - gap) - tail + TAIL);
    return new Confidence(low, high);
  }

  /** Where a rising function passes {@link #TAIL}. */
  private static double root(double from, double to, DoubleUnaryOperator rising) {
    double low = from;
    double high = to;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (rising.applyAsDouble(middle) < TAIL) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double binomialSum(int most, int trials, double p) {
    double sum = 0;
    double logTerm = trials * Math.log1p(-p); // of no success
    for (int k = 0; k <= most; k++) {
      sum += Math.exp(logTerm);
      logTerm += Math.log((double) (trials - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
    }
    return sum;
  }

  private static double poissonSum(int most, double mean) {
    double sum = 0;
    double logTerm = -mean;
    for (int k = 0; k <= most; k++) {
      sum += Math.exp(logTerm);
      logTerm += Math.log(mean) - Math.log(k + 1);
    }
    return sum;
  }
}
