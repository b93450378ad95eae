// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A head's posteriors of a bank: of its speech as spoken, or cut into fragments, which stand in for
 * isolated words.
 */
final class BankPosteriors {
  static final int SHORTEST_FRAGMENT = 12; // steps: 0.5 s
  static final int LONGEST_FRAGMENT = 39; // steps: 1.6 s
  private static final int STILL_SECONDS = 3; // longer than a step's receptive field
  private static final int STILL = -1; // index of a step of near-silence
  private static final int ROWS = 4096; // steps that a network reads at once

  private final EmbeddingBank bank;
  private final float[] steps; // of the bank, [steps][units]
  private final float[] still; // [units]
  private final long seed;

  /**
   * Prepares to run heads.
   *
   * @param steps of the bank, decoded, [steps][units]
   */
  BankPosteriors(Encoder encoder, EmbeddingBank bank, float[] steps, long seed) {
    this.bank = bank;
    this.steps = steps;
    this.seed = seed;
    int samples = STILL_SECONDS * encoder.features().sampleRate();
    float[][] quiet = encoder.embed(EnrolmentVariants.nearSilence(samples, seed));
    still = quiet[quiet.length - 1];
  }

  /** A head's posteriors of a part of the bank. */
  float[] fluent(Network head, int part) {
    int from = bank.partFrom(part);
    return posteriors(head, IntStream.range(from, from + bank.partSteps()).toArray());
  }

  /**
   * The same with the speech cut into fragments of random length, each after a window of
   * near-silence. Posteriors of that silence are included.
   */
  float[] fragments(Network head, int part) {
    SplittableRandom random = new SplittableRandom(seed + part);
    IntStream.Builder heard = IntStream.builder();
    int end = bank.partFrom(part) + bank.partSteps();
    for (int from = bank.partFrom(part); from < end; ) {
      int to = Math.min(end, from + random.nextInt(SHORTEST_FRAGMENT, LONGEST_FRAGMENT + 1));
      for (int i = 0; i < EnrolmentHead.STEPS; i++) {
        heard.add(STILL);
      }
      for (; from < to; from++) {
        heard.add(from);
      }
    }
    return posteriors(head, heard.build().toArray());
  }

  /** Posteriors of the bank's steps with these indices, or {@link #STILL}. */
  private float[] posteriors(Network head, int[] heard) {
    int units = still.length;
    NetworkState state = head.start();
    float[] posteriors = new float[heard.length];
    float[][] rows = new float[ROWS][units];
    for (int from = 0; from < posteriors.length; from += ROWS) {
      int count = Math.min(ROWS, posteriors.length - from);
      for (int t = 0; t < count; t++) {
        int step = heard[from + t];
        if (step == STILL) {
          System.arraycopy(still, 0, rows[t], 0, units);
        } else {
          System.arraycopy(steps, step * units, rows[t], 0, units);
        }
      }
      StepBatch out = state.run(StepBatch.of(Arrays.copyOf(rows, count)));
      for (int t = 0; t < count; t++) {
        posteriors[from + t] = out.values(t)[0];
      }
    }
    return posteriors;
  }
}
