// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.util.List;

/**
 * How the views of a word spread: their mean, and a factor of their covariance. The covariance is
 * shrunk towards its diagonal, because there are few more views than values.
 */
final class Spread {
  private static final double SHRINKAGE = 0.3;
  private static final double LEAST = 1e-4; // variance of a value; views lie in [-1, 1]

  private final double[] mean; // [values]
  private final double[][] factor; // [values][values], lower triangle L of the covariance L L'

  Spread(List<float[]> views) {
    int values = views.get(0).length;
    mean = new double[values];
    for (float[] view : views) {
      for (int i = 0; i < values; i++) {
        mean[i] += view[i] / (double) views.size();
      }
    }
    double[][] covariance = new double[values][values];
    for (float[] view : views) {
      for (int i = 0; i < values; i++) {
        for (int j = 0; j <= i; j++) {
          covariance[i][j] +=
              (view[i] - mean[i]) * (view[j] - mean[j]) / Math.max(1, views.size() - 1);
        }
      }
    }
    for (int i = 0; i < values; i++) {
      for (int j = 0; j < i; j++) {
        covariance[i][j] *= 1 - SHRINKAGE;
      }
      covariance[i][i] += LEAST;
    }
    factor = cholesky(covariance);
  }

  private static double[][] cholesky(double[][] matrix) {
    int n = matrix.length;
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  /**
   * The direction that best tells a point from the word's views (Fisher's linear discriminant):
   * along it, they have mean 0 and, before the shrinkage, variance 1.
   */
  double[] towards(double[] point) {
    int n = mean.length;
    double[] forward = new double[n]; // L y = point - mean
    double norm = 0;
    for (int i = 0; i < n; i++) {
      double sum = point[i] - mean[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * forward[k];
      }
      forward[i] = sum / factor[i][i];
      norm += forward[i] * forward[i];
    }
    norm = Math.sqrt(Math.max(norm, Double.MIN_NORMAL));
    double[] direction = new double[n]; // L' x = y / |y|
    for (int i = n - 1; i >= 0; i--) {
      double sum = forward[i] / norm;
      for (int k = i + 1; k < n; k++) {
        sum -= factor[k][i] * direction[k];
      }
      direction[i] = sum / factor[i][i];
    }
    return direction;
  }

  /** How far a view lies in a direction, in standard deviations from the mean. */
  double along(double[] direction, float[] view) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += direction[i] * (view[i] - mean[i]);
    }
    return sum;
  }

  /** The same as a function of the view alone: minus its value at the origin. */
  double offset(double[] direction) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += direction[i] * mean[i];
    }
    return sum;
  }
}
