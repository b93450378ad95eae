// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LearntHeadTest {
  private static final int VALUES = 7;

  private final Random random = new Random(5);

  private float[] vector() {
    float[] vector = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private float[][] matrix(int outputs) {
    float[][] matrix = new float[VALUES][outputs];
    for (float[] row : matrix) {
      for (int o = 0; o < outputs; o++) {
        row[o] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  private Network plain() {
    return new Network(
        List.of(
            new AttentionPooling(matrix(2), new float[2], new float[] {1, -1}),
            new Dense(matrix(1), new float[] {0.3f})));
  }

  private static float[] view(LearntHead head, float[][] steps) {
    return head.body().forward(steps)[0];
  }

  @Test
  void aHeadThatLearntNothingIsWhatItWas() {
    Network network = plain();
    float[][] steps = {vector(), vector(), vector()};
    LearntHead head = LearntHead.of(network);
    float logit = network.forward(steps)[0][0];
    assertEquals(logit, head.logit(view(head, steps)), 1e-5);
    assertEquals(logit, head.network().forward(steps)[0][0], 0);
  }

  @Test
  void layersAndFormulaAgree() {
    LearntHead head = LearntHead.of(plain());
    LearntHead before = head;
    for (int i = 0; i < 4; i++) {
      head = head.with(new LearntHead.Corrector(vector(), (float) random.nextGaussian()), i + 0.5f);
    }
    assertEquals(3.5f, head.cap(), 0);
    int lowered = 0;
    int capped = 0;
    for (int trial = 0; trial < 200; trial++) {
      float[][] steps = {vector(), vector()};
      float[] view = view(head, steps);
      double drop = 0;
      for (LearntHead.Corrector corrector : head.correctors()) { // the formula, again
        double side = corrector.offset();
        for (int i = 0; i < VALUES; i++) {
          side += (double) corrector.direction()[i] * view[i];
        }
        drop += Math.max(0, side);
      }
      double expected = before.logit(view) - Math.min(3.5, drop);
      assertEquals(expected, head.logit(view), 1e-4);
      assertEquals(expected, head.network().forward(steps)[0][0], 1e-4);
      lowered += drop > 0 ? 1 : 0;
      capped += drop > 3.5 ? 1 : 0;
    }
    assertTrue(lowered > 20 && capped > 5, lowered + ", " + capped);
  }

  @Test
  void whatItLearntIsReadBackAndGrows() {
    LearntHead head = LearntHead.of(plain()).with(new LearntHead.Corrector(vector(), -1), 2);
    LearntHead read = LearntHead.of(head.network());
    assertEquals(1, read.correctors().size());
    assertEquals(2, read.cap(), 0);
    assertArrayEquals(head.correctors().get(0).direction(), read.correctors().get(0).direction());
    assertEquals(-1, read.correctors().get(0).offset(), 0);
    LearntHead more = LearntHead.of(read.with(new LearntHead.Corrector(vector(), 0), 1).network());
    assertEquals(2, more.correctors().size());
    assertEquals(2, more.cap(), 0); // never lower
    float[] view = vector();
    assertEquals(head.base().weights().length, more.base().weights().length);
    assertTrue(more.logit(view) <= head.logit(view));
  }

  @Test
  void aHeadOfAnotherFormCannotLearn() {
    List<Layer> layers = new ArrayList<>(plain().layers());
    layers.add(new Activation(Activation.Function.TANH, 1));
    assertThrows(IllegalArgumentException.class, () -> LearntHead.of(new Network(layers)));
  }
}
