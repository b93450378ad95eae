// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.nn.Dense;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The directions in which vectors vary most. */
final class PrincipalComponents {
  private static final int SWEEPS = 30; // of Jacobi rotations, which need about eight
  private static final double SMALL = 1e-6; // of the mean variance: noise

  private PrincipalComponents() {}

  /**
   * A layer from vectors to their principal components, each with a variance of one.
   *
   * @param vectors [vectors][values]
   * @param most components
   */
  static Dense of(float[][] vectors, int most) {
    int values = vectors[0].length;
    double[] mean = new double[values];
    for (float[] vector : vectors) {
      for (int i = 0; i < values; i++) {
        mean[i] += vector[i] / vectors.length;
      }
    }
    double[][] covariance = new double[values][values];
    for (float[] vector : vectors) {
      for (int i = 0; i < values; i++) {
        double difference = (vector[i] - mean[i]) / vectors.length;
        for (int j = 0; j <= i; j++) {
          covariance[i][j] += difference * (vector[j] - mean[j]);
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < values; i++) {
      trace += covariance[i][i];
      for (int j = 0; j < i; j++) {
        covariance[j][i] = covariance[i][j];
      }
    }
    double[][] directions = diagonalised(covariance);
    int[] largest =
        IntStream.range(0, values)
            .boxed()
            .sorted(Comparator.comparing(i -> -covariance[i][i]))
            .limit(most)
            .mapToInt(i -> i)
            .toArray();
    float[][] weights = new float[values][largest.length];
    float[] bias = new float[largest.length];
    for (int c = 0; c < largest.length; c++) {
      double variance = covariance[largest[c]][largest[c]];
      double scale = 1 / Math.sqrt(Math.max(variance, SMALL * trace / values + 1e-12));
      for (int i = 0; i < values; i++) {
        weights[i][c] = (float) (scale * directions[i][largest[c]]);
        bias[c] -= (float) (mean[i] * weights[i][c]);
      }
    }
    return new Dense(weights, bias);
  }

  /**
   * Jacobi's eigenvalue method.
   *
   * @param a symmetric; replaced by the eigenvalues on its diagonal
   * @return eigenvectors in columns
   */
  private static double[][] diagonalised(double[][] a) {
    int n = a.length;
    double[][] vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (Math.abs(a[p][q]) > 1e-14 * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) {
            rotate(a, vectors, p, q);
          }
        }
      }
    }
    return vectors;
  }

  /** Makes {@code a[p][q]} zero. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cosine = 1 / Math.sqrt(tangent * tangent + 1);
    double sine = tangent * cosine;
    rotateColumns(a, p, q, cosine, sine);
    for (int k = 0; k < a.length; k++) {
      double x = a[p][k];
      a[p][k] = cosine * x - sine * a[q][k];
      a[q][k] = sine * x + cosine * a[q][k];
    }
    rotateColumns(vectors, p, q, cosine, sine);
  }

  private static void rotateColumns(double[][] a, int p, int q, double cosine, double sine) {
    for (double[] row : a) {
      double x = row[p];
      row[p] = cosine * x - sine * row[q];
      row[q] = sine * x + cosine * row[q];
    }
  }
}
