// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.WorkerPool;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Times a training batch of the classic network here and in PyTorch, turn by turn in one JVM.
 *
 * <p>Both do the same: forward pass, weighted cross-entropy, backward pass, clipping of the
 * gradient's norm, a step of Adam, always on the same batch, whose loss has to fall. {@code
 * docs/benchmarks.md} has the command.
 */
final class TrainingAgainstPyTorch {
  static final int FRAMES = 5511; // 10 s of clips, hop 80 at 44.1 kHz
  static final int BINS = FeatureSpec.CLASSIC.bins();
  static final int KERNEL = 15; // frames
  static final int STRIDE = 4; // frames
  static final int FILTERS = 196;
  static final int UNITS = 128;
  static final int CLIPS = 32;
  static final int STEPS = (FRAMES - KERNEL) / STRIDE + 1;
  static final float DROPOUT = 0.2f;

  private static final int WARM_UP = 4; // pairs
  private static final int LABEL_STEPS = 50;
  private static final float LABEL_WEIGHT = 5; // of a one, against 1 of a zero

  private TrainingAgainstPyTorch() {}

  /**
   * Runs the pairs.
   *
   * @param args threads of each side, and how many pairs to time
   */
  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    int pairs = Integer.parseInt(args[1]);
    SequenceBatch features = new SequenceBatch(FRAMES, CLIPS, BINS);
    SequenceBatch labels = new SequenceBatch(STEPS, CLIPS, 1);
    SequenceBatch weights = new SequenceBatch(STEPS, CLIPS, 1);
    fill(features, labels, weights, new SplittableRandom(1));
    try (WorkerPool workers = new WorkerPool(threads);
        PyTorchClassic theirs = new PyTorchClassic(features, labels, weights, threads)) {
      RouseClassic ours = new RouseClassic(features, labels, weights, workers);
      double[] ourLoss = new double[WARM_UP + pairs];
      double[] theirLoss = new double[WARM_UP + pairs];
      double[] ourTime = new double[pairs]; // seconds
      double[] theirTime = new double[pairs]; // seconds
      for (int i = -WARM_UP; i < pairs; i++) {
        double ourSeconds = time(ours::batch, ourLoss, WARM_UP + i);
        double theirSeconds = time(theirs::batch, theirLoss, WARM_UP + i);
        if (i >= 0) {
          ourTime[i] = ourSeconds;
          theirTime[i] = theirSeconds;
        }
      }
      report("Rouse", threads, ourTime, ourLoss);
      report("PyTorch", threads, theirTime, theirLoss);
      double[] ratios = new double[pairs];
      Arrays.setAll(ratios, i -> theirTime[i] / ourTime[i]);
      Arrays.sort(ratios);
      System.out.printf(
          Locale.ROOT,
          "%d thread(s): Rouse is %.2f times as fast (ratio of medians; pairs %.2f to %.2f)%n",
          threads,
          median(theirTime) / median(ourTime),
          ratios[0],
          ratios[pairs - 1]);
    }
  }

  /** Noise, but for some frames before each label: something to learn. */
  private static void fill(
      SequenceBatch features,
      SequenceBatch labels,
      SequenceBatch weights,
      SplittableRandom random) {
    for (int i = 0; i < features.data().length; i++) {
      features.data()[i] = (float) random.nextGaussian();
    }
    Arrays.fill(weights.data(), 1f);
    for (int clip = 0; clip < CLIPS; clip++) {
      int end = random.nextInt(2 * LABEL_STEPS, STEPS - LABEL_STEPS); // step of the word's end
      for (int frame = (end - LABEL_STEPS) * STRIDE; frame < end * STRIDE; frame++) {
        for (int bin = 0; bin < BINS / 2; bin++) {
          features.data()[(frame * CLIPS + clip) * BINS + bin] += 1f;
        }
      }
      for (int step = end; step < end + LABEL_STEPS; step++) {
        labels.data()[step * CLIPS + clip] = 1f;
        weights.data()[step * CLIPS + clip] = LABEL_WEIGHT;
      }
    }
  }

  private static double time(DoubleSupplier batch, double[] losses, int i) {
    long start = System.nanoTime();
    losses[i] = batch.getAsDouble();
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void report(String who, int threads, double[] seconds, double[] loss) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-8s %d thread(s): %.3f s a batch (median of %d; %.3f to %.3f); loss %.4f, then %.4f%n",
        who,
        threads,
        median(seconds),
        seconds.length,
        sorted[0],
        sorted[sorted.length - 1],
        loss[0],
        loss[loss.length - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
