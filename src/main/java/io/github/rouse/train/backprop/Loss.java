package io.github.rouse.train.backprop;

import java.util.Arrays;

/**
 * What training makes small: a weighted mean over the values that count, and its gradient. Each
 * word has a sigmoid of its own, computed here together with the loss, so that no logarithm meets a
 * zero.
 */
public interface Loss {
  /**
   * The loss of a batch.
   *
   * @param logits [steps][clips][words], before the sigmoid
   * @param labels [steps][clips][words], 0 to 1
   * @param weights [steps][clips][words], how much a value counts; 0 for not at all
   * @param gradient [steps][clips][words], overwritten with the gradient by the logits
   * @return the mean, 0 if nothing counts
   */
  double of(
      SequenceBatch logits, SequenceBatch labels, SequenceBatch weights, SequenceBatch gradient);

  /**
   * Cross-entropy at every value (with the sigmoid, the gradient is {@code p - label}).
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
   * Cross-entropy that values already right contribute little to (Lin et al. 2017): {@code
   * -(1-p)^gamma log p} where the label is 1, and the mirror image of it where it is 0.
   *
   * @param gamma 0 for plain cross-entropy; the paper's 2
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

    /** {@code (1-p)^gamma (gamma p log p - (1-p))}, the derivative by z. */
    private double slope(double z) {
      double missing = sigmoid(-z);
      return Math.pow(missing, gamma) * (-gamma * sigmoid(z) * crossEntropy(z, 1) - missing);
    }
  }

  /**
   * Cross-entropy at one step per clip and word, that of the largest logit: among the steps
   * labelled with the word (a window around its end) if there are any, else among all. After Sun et
   * al. 2016, who take all steps of clips without the word.
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

    /** Where a clip's largest logit of a word is, or -1 if no step counts. */
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
