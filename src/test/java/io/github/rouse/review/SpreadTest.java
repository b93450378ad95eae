// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final int VALUES = 5;
  private static final double SHRINKAGE = 0.2;
  private static final double LEAST = 1e-4;

  private final Random random = new Random(3);

  /** Views whose second value follows the first. */
  private List<float[]> views(int count) {
    List<float[]> views = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      float[] view = new float[VALUES];
      for (int i = 0; i < VALUES; i++) {
        view[i] = (float) (0.2 * (i + 1) * random.nextGaussian());
      }
      view[1] = 0.9f * view[0] + 0.1f * view[1] + 0.4f;
      views.add(view);
    }
    return views;
  }

  /** The shrunk covariance, written anew. */
  private static double[][] covariance(List<float[]> views, double[] mean) {
    double[][] covariance = new double[VALUES][VALUES];
    for (int i = 0; i < VALUES; i++) {
      for (int j = 0; j < VALUES; j++) {
        double sum = 0;
        for (float[] view : views) {
          sum += (view[i] - mean[i]) * (view[j] - mean[j]);
        }
        covariance[i][j] = sum / (views.size() - 1) * (i == j ? 1 : 1 - SHRINKAGE);
      }
      covariance[i][i] += LEAST;
    }
    return covariance;
  }

  private static double[] mean(List<float[]> views) {
    double[] mean = new double[VALUES];
    for (float[] view : views) {
      for (int i = 0; i < VALUES; i++) {
        mean[i] += view[i] / (double) views.size();
      }
    }
    return mean;
  }

  @Test
  void theDirectionSolvesTheNormalEquations() {
    List<float[]> views = views(40);
    double[] mean = mean(views);
    double[] point = {0.5, -0.2, 1, 0.1, -0.7};
    double[] direction = Spread.of(views).towards(point);
    double[][] covariance = covariance(views, mean);
    double variance = 0;
    double[] product = new double[VALUES];
    for (int i = 0; i < VALUES; i++) {
      for (int j = 0; j < VALUES; j++) {
        product[i] += covariance[i][j] * direction[j];
        variance += direction[i] * covariance[i][j] * direction[j];
      }
    }
    assertEquals(1, variance, 1e-5);
    double scale = (point[0] - mean[0]) / product[0]; // covariance x direction ~ point - mean
    assertTrue(scale > 0);
    for (int i = 0; i < VALUES; i++) {
      assertEquals(point[i] - mean[i], scale * product[i], 1e-5);
    }
  }

  @Test
  void noOtherDirectionTellsThePointBetter() {
    List<float[]> views = views(60);
    Spread spread = Spread.of(views);
    double[] point = {0.5, -0.2, 1, 0.1, -0.7};
    double[] mean = mean(views);
    double[][] covariance = covariance(views, mean);
    double best = far(spread.towards(point), point, mean, covariance);
    for (int trial = 0; trial < 1000; trial++) {
      double[] other = new double[VALUES];
      for (int i = 0; i < VALUES; i++) {
        other[i] = random.nextGaussian();
      }
      assertTrue(far(other, point, mean, covariance) <= best + 1e-5);
    }
  }

  private static double far(
      double[] direction, double[] point, double[] mean, double[][] covariance) {
    double distance = 0;
    double variance = 0;
    for (int i = 0; i < VALUES; i++) {
      distance += direction[i] * (point[i] - mean[i]);
      for (int j = 0; j < VALUES; j++) {
        variance += direction[i] * covariance[i][j] * direction[j];
      }
    }
    return distance / Math.sqrt(variance);
  }

  @Test
  void aFileKeepsItNearly() throws IOException {
    Spread spread = Spread.of(views(50));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    spread.write(new DataOutputStream(bytes));
    byte[] written = bytes.toByteArray();
    assertEquals(8 * VALUES + VALUES * (VALUES - 1) / 2, written.length);
    Spread read = Spread.read(new DataInputStream(new ByteArrayInputStream(written)), VALUES);
    double[] point = {0.5, -0.2, 1, 0.1, -0.7};
    double[] expected = spread.towards(point);
    double[] direction = read.towards(point);
    for (int i = 0; i < VALUES; i++) {
      assertEquals(expected[i], direction[i], 0.05 * Math.abs(expected[i]) + 0.01);
    }
  }

  @Test
  void placesAreCountedFromTheMean() {
    List<float[]> views = views(30);
    Spread spread = Spread.of(views);
    double[] direction = spread.towards(new double[] {1, 1, 1, 1, 1});
    double sum = 0;
    for (float[] view : views) {
      double along = spread.along(direction, view);
      double dot = 0;
      for (int i = 0; i < VALUES; i++) {
        dot += direction[i] * view[i];
      }
      assertEquals(dot - spread.offset(direction), along, 1e-5);
      sum += along;
    }
    assertEquals(0, sum / views.size(), 1e-5);
  }
}
