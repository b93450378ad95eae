// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import java.util.Arrays;

/**
 * The training objective: a weighted mean loss and its gradient. The sigmoid of each output is
 * computed here together with the loss, which avoids log(0).
 */
public interface Loss {
  /**
   * Computes the loss of a batch.
   *
   * @param logits [steps][clips][words], before the sigmoid
   * @param labels [steps][clips][words], 0 to 1
   * @param weights [steps][clips][words], 0 to ignore a value
   * @param gradient [steps][clips][words], overwritten with the gradient of the logits
   * @return the mean, or 0 if all weights are 0
   */
  double of(
      SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, SequenceBatch gradient);

  /**
   * Cross-entropy of every value; with the sigmoid, the gradient is {@code p - label}.
   *
   * @param smoothing how far labels move from 0 and 1 towards 1/2 (Szegedy et al. 2016)
   */
  record CrossEntropy(float smoothing) implements Loss {
    @Override
    public double of(
        SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, SequenceBatch gradient) {
      double total = total(weights);
      double sum = 0;
      for (int i = 0; i < gradient.data().length; i++) {
        double weight = total == 0 ? 0 : weights.data()[i] / total;
        double z = logits.data()[i];
        double label = labels.data()[i] * (1 - smoothing) + smoothing / 2;
        sum += weight == 0 ? 0 : weight * crossEntropy(z, label);
        gradient.data()[i] = weight == 0 ? 0f : (float) (weight * (sigmoid(z) - label));
      }
      return sum;
    }
  }

  /**
   * Focal loss: cross-entropy that down-weights well-classified values (Lin et al. 2017). {@code
   * -(1-p)^gamma log p} for label 1, and the same with {@code 1-p} for label 0.
   *
   * @param gamma 0 for plain cross-entropy; 2 in the paper
   */
  record Focal(double gamma) implements Loss {
    @Override
    public double of(
        SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, SequenceBatch gradient) {
      double total = total(weights);
      double sum = 0;
      for (int i = 0; i < gradient.data().length; i++) {
        double weight = total == 0 ? 0 : weights.data()[i] / total;
        gradient.data()[i] = 0f;
        if (weight != 0) {
          double z = logits.data()[i];
          double label = labels.data()[i];
          sum += weight * (label * positive(z) + (1 - label) * positive(-z));
          double slope = label * slope(z) - (1 - label) * slope(-z);
          gradient.data()[i] = (float) (weight * slope);
        }
      }
      return sum;
    }

    private double positive(double z) {
      return Math.pow(sigmoid(-z), gamma) * crossEntropy(z, 1);
    }

    /** {@code (1-p)^gamma (gamma p log p - (1-p))}, the derivative with respect to z. */
    private double slope(double z) {
      double missing = sigmoid(-z);
      return Math.pow(missing, gamma) * (-gamma * sigmoid(z) * crossEntropy(z, 1) - missing);
    }
  }

  /**
   * Max-pooling loss: cross-entropy at one step per clip and word, the step with the largest logit.
   * It is chosen among the steps labelled with the word if there are any, else among all. Sun et
   * al. 2016 instead use all steps of clips without the word.
   */
  record MaxPooling() implements Loss {
    @Override
    public double of(
        SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, SequenceBatch gradient) {
      Arrays.fill(gradient.data(), 0f);
      int values = logits.clips() * logits.width(); // of one step
      double total = 0;
      double sum = 0;
      for (int first = 0; first < values; first++) {
        int at = largest(logits, labels, weights, first, values);
        if (at >= 0) {
          double weight = weights.data()[at];
          double z = logits.data()[at];
          total += weight;
          sum += weight * crossEntropy(z, labels.data()[at]);
          gradient.data()[at] = (float) (weight * (sigmoid(z) - labels.data()[at]));
        }
      }
      if (total == 0) {
        return 0;
      }
      for (int i = 0; i < gradient.data().length; i++) {
        gradient.data()[i] /= (float) total;
      }
      return sum / total;
    }

    /** The index of a clip's largest logit of a word, or -1 if all weights are 0. */
    private static int largest(
        SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, int first, int step) {
      int best = -1;
      for (int at = first; at < logits.data().length; at += step) {
        if (weights.data()[at] == 0) {
          continue;
        }
        boolean inside = labels.data()[at] > 0;
        boolean bestInside = best >= 0 && labels.data()[best] > 0;
        boolean larger = best < 0 || logits.data()[at] > logits.data()[best];
        if (inside == bestInside ? larger : inside) {
          best = at;
        }
      }
      return best;
    }
  }

  private static double total(SequenceBatch weights) {
    double total = 0;
    for (float weight : weights.data()) {
      total += weight;
    }
    return total;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** {@code -label log p - (1 - label) log(1 - p)} for {@code p = sigmoid(z)}, at any z. */
  private static double crossEntropy(double z, double label) {
    return Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
  }
}
