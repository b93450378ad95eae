// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CtcTest {
  private static final int BLANK = 3;
  private static final int OUTPUTS = 4;

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "01", "00", "010", "112", "2222"})
  void isTheSumOverAllAlignments(String text) {
    int[] labels = text.chars().map(c -> c - '0').toArray();
    for (int steps = Math.max(1, Ctc.leastSteps(labels)); steps <= 8; steps++) {
      SequenceBatch logits = random(steps, 1);
      double expected = -Math.log(sum(logits, new int[steps], 0, labels));
      assertEquals(
          expected / Math.max(1, labels.length),
          loss(logits, new int[][] {labels}, new SequenceBatch(steps, 1, OUTPUTS)),
          1e-6,
          steps + " steps");
    }
  }

  /** The probability of all paths that begin with the first {@code at} steps' outputs. */
  private static double sum(SequenceBatch logits, int[] path, int at, int[] labels) {
    if (at == path.length) {
      return Arrays.equals(collapsed(path), labels) ? probability(logits, path) : 0;
    }
    double sum = 0;
    for (int k = 0; k < OUTPUTS; k++) {
      path[at] = k;
      sum += sum(logits, path, at + 1, labels);
    }
    return sum;
  }

  private static int[] collapsed(int[] path) {
    int[] labels = new int[path.length];
    int count = 0;
    for (int t = 0; t < path.length; t++) {
      if (path[t] != BLANK && (t == 0 || path[t] != path[t - 1])) {
        labels[count++] = path[t];
      }
    }
    return Arrays.copyOf(labels, count);
  }

  private static double probability(SequenceBatch logits, int[] path) {
    double product = 1;
    for (int t = 0; t < path.length; t++) {
      double sum = 0;
      for (int k = 0; k < OUTPUTS; k++) {
        sum += Math.exp(logits.data()[t * OUTPUTS + k]);
      }
      product *= Math.exp(logits.data()[t * OUTPUTS + path[t]]) / sum;
    }
    return product;
  }

  @Test
  void gradientIsThatOfFiniteDifferences() {
    int[][] labels = {{0, 0, 1}, {}, {2, 1, 0, 1}};
    SequenceBatch logits = random(9, labels.length);
    SequenceBatch gradient = new SequenceBatch(9, labels.length, OUTPUTS);
    Arrays.fill(gradient.data(), Float.NaN);
    loss(logits, labels, gradient);
    SequenceBatch ignored = new SequenceBatch(9, labels.length, OUTPUTS);
    for (int i = 0; i < logits.data().length; i++) {
      float kept = logits.data()[i];
      logits.data()[i] = kept + 1e-3f;
      double above = loss(logits, labels, ignored);
      logits.data()[i] = kept - 1e-3f;
      double below = loss(logits, labels, ignored);
      logits.data()[i] = kept;
      assertEquals((above - below) / 2e-3, gradient.data()[i], 5e-5, "logit " + i);
    }
  }

  @Test
  void hugeLogitsStayFinite() {
    SequenceBatch logits = random(6, 1);
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] *= 1000;
    }
    SequenceBatch gradient = new SequenceBatch(6, 1, OUTPUTS);
    assertTrue(Double.isFinite(loss(logits, new int[][] {{1, 2}}, gradient)));
    for (float value : gradient.data()) {
      assertTrue(Float.isFinite(value));
    }
  }

  @Test
  void tooFewStepsAreRejected() {
    assertEquals(5, Ctc.leastSteps(new int[] {1, 1, 2, 2}) - 1);
    SequenceBatch logits = random(3, 1);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> loss(logits, new int[][] {{1, 1, 2}}, random(3, 1)));
    assertEquals("labels[0]: 3 need at least 4 steps, but there are 3", e.getMessage());
  }

  private static double loss(SequenceBatch logits, int[][] labels, SequenceBatch gradient) {
    try (WorkerPool workers = new WorkerPool(2)) {
      return new Ctc(BLANK).of(logits, labels, gradient, workers);
    }
  }

  private static SequenceBatch random(int steps, int clips) {
    SequenceBatch batch = new SequenceBatch(steps, clips, OUTPUTS);
    GradientCheck.fill(batch.data(), new Random(steps), 2);
    return batch;
  }
}
