// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * The distribution of a word's views: their mean, and the Cholesky factor of their covariance. The
 * covariance is shrunk towards its diagonal, because there are few more views than values.
 */
final class Spread {
  private static final double SHRINKAGE = 0.2;
  private static final double LEAST = 1e-4; // variance of a value; views lie in [-1, 1]

  private final float[] mean; // [values]
  private final float[] deviation; // [values]
  private final float[][] correlation; // [values][fewer], below the diagonal
  private final double[][] factor; // [values][values], lower triangle L of the covariance L L'

  private Spread(float[] mean, float[] deviation, float[][] correlation) {
    this.mean = mean;
    this.deviation = deviation;
    this.correlation = correlation;
    int values = mean.length;
    double[][] covariance = new double[values][values];
    for (int i = 0; i < values; i++) {
      for (int j = 0; j < i; j++) {
        covariance[i][j] = (1 - SHRINKAGE) * correlation[i][j] * deviation[i] * deviation[j];
      }
      covariance[i][i] = deviation[i] * deviation[i] + LEAST;
    }
    factor = cholesky(covariance);
  }

  /** The spread of at least two views. */
  static Spread of(List<float[]> views) {
    int values = views.get(0).length;
    float[] mean = new float[values];
    float[] deviation = new float[values];
    float[][] correlation = new float[values][];
    for (int i = 0; i < values; i++) {
      double sum = 0;
      for (float[] view : views) {
        sum += view[i];
      }
      mean[i] = (float) (sum / views.size());
    }
    for (int i = 0; i < values; i++) {
      deviation[i] = (float) Math.sqrt(covariance(views, mean, i, i));
      correlation[i] = new float[i];
      for (int j = 0; j < i; j++) {
        double scale = Math.max(Float.MIN_NORMAL, (double) deviation[i] * deviation[j]);
        correlation[i][j] = (float) (covariance(views, mean, i, j) / scale);
      }
    }
    return new Spread(mean, deviation, correlation);
  }

  private static double covariance(List<float[]> views, float[] mean, int i, int j) {
    double sum = 0;
    for (float[] view : views) {
      sum += ((double) view[i] - mean[i]) * ((double) view[j] - mean[j]);
    }
    return sum / Math.max(1, views.size() - 1);
  }

  /** Reads what {@link #write} wrote. */
  static Spread read(DataInputStream in, int values) throws IOException {
    float[] mean = new float[values];
    float[] deviation = new float[values];
    float[][] correlation = new float[values][];
    for (int i = 0; i < values; i++) {
      mean[i] = in.readFloat();
      deviation[i] = in.readFloat();
      correlation[i] = new float[i];
      for (int j = 0; j < i; j++) {
        correlation[i][j] = in.readByte() / (float) Byte.MAX_VALUE;
      }
    }
    return new Spread(mean, deviation, correlation);
  }

  /** Writes the spread; correlations are rounded to 8 bits, which the shrinkage outweighs. */
  void write(DataOutputStream out) throws IOException {
    for (int i = 0; i < mean.length; i++) {
      out.writeFloat(mean[i]);
      out.writeFloat(deviation[i]);
      for (int j = 0; j < i; j++) {
        out.writeByte(Math.round(correlation[i][j] * Byte.MAX_VALUE));
      }
    }
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
        l[i][j] = i == j ? Math.sqrt(Math.max(sum, LEAST)) : sum / l[j][j];
      }
    }
    return l;
  }

  /**
   * The direction that best separates a point from the word's views (Fisher's linear discriminant):
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

  /** The mean of the word's views in a direction. */
  double offset(double[] direction) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += direction[i] * mean[i];
    }
    return sum;
  }
}
