package io.github.rouse.eval;

import java.util.function.DoubleUnaryOperator;

/**
 * Exact 95 % bounds. With none seen, or nothing else, there is but one bound to find, and all of
 * the 5 % lies beyond it: none in 10 h is at most 0.3/h, the rule of three.
 *
 * @param low 2.5 % below this, 5 % if {@code high} is the end of what there is
 * @param high 2.5 % above this, 5 % if {@code low} is 0
 */
public record Confidence(double low, double high) {
  private static final double TAIL = 0.025;
  private static final int HALVINGS = 60;

  /** Of the probability behind {@code count} of {@code trials} (Clopper and Pearson 1934). */
  public static Confidence binomial(int count, int trials) {
    double tail = count == 0 || count == trials ? 2 * TAIL : TAIL;
    double low = count == 0 ? 0 : root(tail, 1, p -> 1 - binomialSum(count - 1, trials, p));
    double high = count == trials ? 1 : 1 - root(tail, 1, q -> binomialSum(count, trials, 1 - q));
    return new Confidence(low, high);
  }

  /** Of the mean behind {@code count} events (Garwood 1936). */
  public static Confidence poisson(int count) {
    double most = 20 + 3.0 * count;
    double tail = count == 0 ? 2 * TAIL : TAIL;
    double low = count == 0 ? 0 : root(tail, most, mean -> 1 - poissonSum(count - 1, mean));
    double high = most - root(tail, most, gap -> poissonSum(count, most - gap));
    return new Confidence(low, high);
  }

  /** Where between 0 and {@code most} a rising function passes a value. */
  private static double root(double value, double most, DoubleUnaryOperator rising) {
    double low = 0;
    double high = most;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (rising.applyAsDouble(middle) < value) {
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
