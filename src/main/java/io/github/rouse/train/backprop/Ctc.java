// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import java.util.Arrays;

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative logarithm of the
 * probability that a network's steps spell a sequence of labels. Each step names a label or the
 * blank; repeated labels count once unless a blank lies between them. Forward and backward
 * variables are kept as logarithms.
 */
public final class Ctc {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private final int blank;

  /**
   * Creates the loss.
   *
   * @param blank index of the blank among the outputs
   */
  public Ctc(int blank) {
    this.blank = blank;
  }

  /** The least number of steps that can spell the labels: one each, and one between equal ones. */
  public static int leastSteps(int[] labels) {
    int steps = labels.length;
    for (int i = 1; i < labels.length; i++) {
      steps += labels[i] == labels[i - 1] ? 1 : 0;
    }
    return steps;
  }

  /**
   * Computes the loss of a batch. Clips are worth as much as they have labels.
   *
   * @param logits [steps][clips][outputs], before the softmax
   * @param labels of each clip; a clip without any must be all blank
   * @param gradient [steps][clips][outputs], overwritten with the gradient of the logits
   * @param workers among which the clips are shared
   * @return the mean over all labels
   * @throws IllegalArgumentException if a clip has fewer steps than {@link #leastSteps}
   */
  public double of(
      SequenceBatch logits, int[][] labels, SequenceBatch gradient, WorkerPool workers) {
    int total = Math.max(1, Arrays.stream(labels).mapToInt(clip -> clip.length).sum());
    double[] losses = new double[logits.clips()];
    workers.each(
        logits.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            losses[clip] = clip(logits, clip, labels[clip], gradient, total);
          }
        });
    return Arrays.stream(losses).sum() / total;
  }

  /** One clip's loss; stores its gradient divided by {@code total}. */
  private double clip(
      SequenceBatch logits, int clip, int[] labels, SequenceBatch gradient, int total) {
    int steps = logits.steps();
    if (leastSteps(labels) > steps) {
      throw new IllegalArgumentException(
          String.format(
              "labels[%d]: %d need at least %d steps, but there are %d",
              clip, labels.length, leastSteps(labels), steps));
    }
    double[][] log = logSoftmax(logits, clip);
    double[][] forward = forward(log, labels);
    double[][] backward = backward(log, labels);
    int last = 2 * labels.length;
    double likelihood =
        last == 0
            ? forward[steps - 1][0]
            : plus(forward[steps - 1][last], forward[steps - 1][last - 1]);
    double[] share = new double[logits.width()]; // of each output at a step, as a logarithm
    for (int t = 0; t < steps; t++) {
      Arrays.fill(share, NEVER);
      for (int s = 0; s <= last; s++) {
        int output = output(labels, s);
        share[output] = plus(share[output], forward[t][s] + backward[t][s]);
      }
      int at = (t * logits.clips() + clip) * logits.width();
      for (int k = 0; k < logits.width(); k++) {
        double expected = Math.exp(share[k] - likelihood);
        gradient.data()[at + k] = (float) ((Math.exp(log[t][k]) - expected) / total);
      }
    }
    return -likelihood;
  }

  private int output(int[] labels, int state) {
    return state % 2 == 0 ? blank : labels[state / 2];
  }

  /** Whether a state may follow the one two before it: a label after another label. */
  private static boolean skips(int[] labels, int state) {
    return state % 2 == 1 && state > 1 && labels[state / 2] != labels[state / 2 - 1];
  }

  /** Log-probabilities that a prefix of the steps ends in a state, with its last step. */
  private double[][] forward(double[][] log, int[] labels) {
    int states = 2 * labels.length + 1;
    double[][] forward = new double[log.length][states];
    for (int t = 0; t < log.length; t++) {
      for (int s = 0; s < states; s++) {
        double before = t == 0 && s < 2 ? 0 : NEVER;
        if (t > 0) {
          before = forward[t - 1][s];
          before = s > 0 ? plus(before, forward[t - 1][s - 1]) : before;
          before = skips(labels, s) ? plus(before, forward[t - 1][s - 2]) : before;
        }
        forward[t][s] = before + log[t][output(labels, s)];
      }
    }
    return forward;
  }

  /** Log-probabilities that the steps after one that is in a state spell the rest. */
  private double[][] backward(double[][] log, int[] labels) {
    int states = 2 * labels.length + 1;
    double[][] backward = new double[log.length][states];
    for (int t = log.length - 1; t >= 0; t--) {
      for (int s = 0; s < states; s++) {
        if (t == log.length - 1) {
          backward[t][s] = s >= states - 2 ? 0 : NEVER;
          continue;
        }
        double after = backward[t + 1][s] + log[t + 1][output(labels, s)];
        if (s + 1 < states) {
          after = plus(after, backward[t + 1][s + 1] + log[t + 1][output(labels, s + 1)]);
        }
        if (s + 2 < states && skips(labels, s + 2)) {
          after = plus(after, backward[t + 1][s + 2] + log[t + 1][output(labels, s + 2)]);
        }
        backward[t][s] = after;
      }
    }
    return backward;
  }

  private static double[][] logSoftmax(SequenceBatch logits, int clip) {
    double[][] log = new double[logits.steps()][logits.width()];
    for (int t = 0; t < log.length; t++) {
      int at = (t * logits.clips() + clip) * logits.width();
      double largest = NEVER;
      for (int k = 0; k < logits.width(); k++) {
        largest = Math.max(largest, logits.data()[at + k]);
      }
      double sum = 0;
      for (int k = 0; k < logits.width(); k++) {
        sum += Math.exp(logits.data()[at + k] - largest);
      }
      for (int k = 0; k < logits.width(); k++) {
        log[t][k] = logits.data()[at + k] - largest - Math.log(sum);
      }
    }
    return log;
  }

  /** {@code log(exp(a) + exp(b))}. */
  private static double plus(double a, double b) {
    double larger = Math.max(a, b);
    return larger == NEVER ? NEVER : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
  }
}
