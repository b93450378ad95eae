// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SymbolLossTest {
  @Test
  void equalLogitsCostTheLogarithmOfTheSymbols() {
    SequenceBatch logits = new SequenceBatch(1, 2, 4);
    SequenceBatch gradient = new SequenceBatch(1, 2, 4);
    int[][] targets = {{2, SymbolLoss.NONE}};
    assertEquals(Math.log(4), new SymbolLoss(0).of(logits, targets, gradient), 1e-9);
    float quarter = 0.25f;
    assertArrayEquals(
        new float[] {quarter, quarter, -0.75f, quarter, 0, 0, 0, 0}, gradient.data(), 1e-6f);
  }

  @Test
  void withoutTargetsTheLossIsZero() {
    SequenceBatch logits = new SequenceBatch(1, 1, 4);
    int[][] targets = {{SymbolLoss.NONE}};
    assertEquals(0, new SymbolLoss(0.1).of(logits, targets, new SequenceBatch(1, 1, 4)));
  }

  @Test
  void gradientsEqualFiniteDifferences() {
    SequenceBatch logits = new SequenceBatch(3, 2, 5);
    GradientCheck.fill(logits.data(), new Random(1), 2);
    SequenceBatch gradient = new SequenceBatch(3, 2, 5);
    int[][] targets = {{4, 0}, {1, SymbolLoss.NONE}, {2, 2}};
    SymbolLoss loss = new SymbolLoss(0.1);
    loss.of(logits, targets, gradient);
    SequenceBatch other = new SequenceBatch(3, 2, 5);
    for (int i = 0; i < logits.data().length; i++) {
      float kept = logits.data()[i];
      logits.data()[i] = kept + 1e-2f;
      double above = loss.of(logits, targets, other);
      logits.data()[i] = kept - 1e-2f;
      double below = loss.of(logits, targets, other);
      logits.data()[i] = kept;
      assertEquals((above - below) / 2e-2, gradient.data()[i], 1e-5, "logit " + i);
    }
  }
}
