// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import java.util.function.DoubleUnaryOperator;

/**
 * Exact 95 % bounds. If the count is zero or equals the trials, the interval is one-sided and all
 * of the 5 % lies beyond its bound: none in 10 h gives at most 0.3/h, the rule of three.
 *
 * @param low lower bound: 2.5 % lies below, or 5 % if {@code high} is the maximum
 * @param high upper bound: 2.5 % lies above, or 5 % if {@code low} is 0
 */
public record Confidence(double low, double high) {
  private static final double TAIL = 0.025;
  private static final int HALVINGS = 60;
  private static final double NEGLIGIBLE = 1e-17; // negligible share of a sum

  /**
   * Bounds of a probability, from {@code count} successes in {@code trials} (Clopper and Pearson
   * 1934).
   */
  public static Confidence binomial(int count, int trials) {
    double tail = count == 0 || count == trials ? 2 * TAIL : TAIL;
    double low = 0;
    double high = 1;
    if (count > 0) {
      double ways = logWays(count - 1, trials);
      low = root(tail, 1, p -> 1 - binomialSum(count - 1, trials, ways, p));
    }
    if (count < trials) {
      double ways = logWays(count, trials);
      high = 1 - root(tail, 1, q -> binomialSum(count, trials, ways, 1 - q));
    }
    return new Confidence(low, high);
  }

  /** Bounds of a Poisson mean, from {@code count} events (Garwood 1936). */
  public static Confidence poisson(int count) {
    double most = 20 + 3.0 * count;
    double tail = count == 0 ? 2 * TAIL : TAIL;
    double low = 0;
    if (count > 0) {
      double factorial = logFactorial(count - 1);
      low = root(tail, most, mean -> 1 - poissonSum(count - 1, factorial, mean));
    }
    double factorial = logFactorial(count);
    double high = most - root(tail, most, gap -> poissonSum(count, factorial, most - gap));
    return new Confidence(low, high);
  }

  /** Finds where a rising function reaches a value, between 0 and {@code most}. */
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

  /** Probability of at most {@code most} successes; summed from the top, to stop early. */
  private static double binomialSum(int most, int trials, double logWays, double p) {
    double logOdds = Math.log(p) - Math.log1p(-p);
    double logTerm = logWays + most * Math.log(p) + (trials - most) * Math.log1p(-p);
    double sum = 0;
    for (int k = most; k >= 0; k--) {
      double term = Math.exp(logTerm);
      sum += term;
      if (k < trials * p && term < NEGLIGIBLE * sum) {
        break;
      }
      logTerm += Math.log((double) k / (trials - k + 1)) - logOdds;
    }
    return sum;
  }

  /** Probability of at most {@code most} events; summed from the top, to stop early. */
  private static double poissonSum(int most, double logFactorial, double mean) {
    double logTerm = most * Math.log(mean) - mean - logFactorial;
    double sum = 0;
    for (int k = most; k >= 0; k--) {
      double term = Math.exp(logTerm);
      sum += term;
      if (k < mean && term < NEGLIGIBLE * sum) {
        break;
      }
      logTerm += Math.log(k) - Math.log(mean);
    }
    return sum;
  }

  private static double logFactorial(int n) {
    double sum = 0;
    for (int k = 2; k <= n; k++) {
      sum += Math.log(k);
    }
    return sum;
  }

  private static double logWays(int chosen, int of) {
    return logFactorial(of) - logFactorial(chosen) - logFactorial(of - chosen);
  }
}
