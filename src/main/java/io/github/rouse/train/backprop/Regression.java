// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import java.util.Arrays;

/**
 * The loss of vectors against target vectors: the mean squared error of their values, plus a weight
 * times the cosine distance {@code 1 - x.y / (|x| |y|)}.
 *
 * @param cosine weight of the cosine distance
 */
public record Regression(double cosine) {
  private static final double LEAST_NORM = 1e-6;

  /**
   * Computes the loss of a batch.
   *
   * @param outputs [steps][clips][values]
   * @param targets [steps][clips][values]; only every {@code every}-th step is a target, from the
   *     first on
   * @param gradient [steps][clips][values], overwritten with the gradient of the outputs
   * @return the mean over the target steps and clips
   */
  public double of(
      SequenceBatch outputs, SequenceBatch targets, int every, SequenceBatch gradient) {
    int width = outputs.width();
    int counted = (outputs.steps() + every - 1) / every * outputs.clips();
    double sum = 0;
    for (int row = 0; row < outputs.rows(); row++) {
      int at = row * width;
      if (row / outputs.clips() % every == 0) {
        sum += row(outputs.data(), targets.data(), gradient.data(), at, width, counted);
      } else {
        Arrays.fill(gradient.data(), at, at + width, 0f);
      }
    }
    return sum / counted;
  }

  /** One vector's loss; stores its gradient divided by {@code counted}. */
  private double row(float[] x, float[] y, float[] gradient, int at, int width, int counted) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    double squared = 0;
    for (int i = at; i < at + width; i++) {
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
      xy += (double) x[i] * y[i];
      double difference = (double) x[i] - y[i];
      squared += difference * difference;
    }
    double norm = Math.max(LEAST_NORM, Math.sqrt(xx));
    double product = norm * Math.max(LEAST_NORM, Math.sqrt(yy));
    double similarity = xy / product;
    double alongX = Math.sqrt(xx) > LEAST_NORM ? similarity / xx : 0;
    for (int i = at; i < at + width; i++) {
      double g = 2 * ((double) x[i] - y[i]) / width - cosine * (y[i] / product - alongX * x[i]);
      gradient[i] = (float) (g / counted);
    }
    return squared / width + cosine * (1 - similarity);
  }
}
