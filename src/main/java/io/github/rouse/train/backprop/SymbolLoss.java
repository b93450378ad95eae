// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import java.util.Arrays;

/**
 * Cross-entropy of a softmax over symbols, one correct symbol per step.
 *
 * @param smoothing share of the target spread over all symbols (Szegedy et al. 2016)
 */
public record SymbolLoss(double smoothing) {
  /** Stands for a step without a target, after the end of a sequence. */
  public static final int NONE = -1;

  /**
   * Computes the loss of a batch.
   *
   * @param logits [steps][clips][symbols], before the softmax
   * @param targets [steps][clips]; {@link #NONE} to ignore a step
   * @param gradient [steps][clips][symbols], overwritten with the gradient of the logits
   * @return the mean over the steps that have a target, 0 if none has
   */
  public double of(SequenceBatch logits, int[][] targets, SequenceBatch gradient) {
    int counted = 0;
    for (int[] step : targets) {
      for (int target : step) {
        counted += target == NONE ? 0 : 1;
      }
    }
    double sum = 0;
    for (int row = 0; row < logits.rows(); row++) {
      int at = row * logits.width();
      int target = targets[row / logits.clips()][row % logits.clips()];
      if (target == NONE) {
        Arrays.fill(gradient.data(), at, at + logits.width(), 0f);
      } else {
        sum += row(logits.data(), at, logits.width(), target, gradient.data(), counted);
      }
    }
    return counted == 0 ? 0 : sum / counted;
  }

  private double row(float[] x, int at, int symbols, int target, float[] gradient, int counted) {
    double largest = Double.NEGATIVE_INFINITY;
    double mean = 0;
    for (int i = at; i < at + symbols; i++) {
      largest = Math.max(largest, x[i]);
      mean += (double) x[i] / symbols;
    }
    double total = 0;
    for (int i = at; i < at + symbols; i++) {
      total += Math.exp(x[i] - largest);
    }
    double logTotal = largest + Math.log(total);
    for (int i = at; i < at + symbols; i++) {
      double wanted = smoothing / symbols + (i == at + target ? 1 - smoothing : 0);
      gradient[i] = (float) ((Math.exp(x[i] - logTotal) - wanted) / counted);
    }
    return logTotal - (1 - smoothing) * x[at + target] - smoothing * mean;
  }
}
