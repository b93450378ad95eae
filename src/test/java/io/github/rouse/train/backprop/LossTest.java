// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.backprop.Loss.CrossEntropy;
import io.github.rouse.train.backprop.Loss.Focal;
import io.github.rouse.train.backprop.Loss.MaxPooling;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LossTest {
  @TestFactory
  Stream<DynamicTest> gradientsAreThoseOfFiniteDifferences() {
    return Stream.of(
            new CrossEntropy(0),
            new CrossEntropy(0.1f),
            new Focal(0),
            new Focal(2),
            new Focal(0.5),
            new MaxPooling())
        .map(loss -> DynamicTest.dynamicTest(loss.toString(), () -> check(loss)));
  }

  private static void check(Loss loss) {
    Random random = new Random(1);
    SequenceBatch logits = new SequenceBatch(9, 4, 2);
    GradientCheck.fill(logits.data(), random, 2);
    SequenceBatch labels = new SequenceBatch(9, 4, 2);
    SequenceBatch weights = new SequenceBatch(9, 4, 2);
    for (int i = 0; i < labels.data().length; i++) {
      labels.data()[i] = i % 8 < 4 && i / 8 > 3 && i / 8 < 7 ? 1 : 0; // two clips contain a word
      weights.data()[i] = random.nextInt(4) * 0.5f;
    }
    SequenceBatch gradient = new SequenceBatch(9, 4, 2);
    Arrays.fill(gradient.data(), Float.NaN);
    loss.of(logits, labels, weights, gradient);
    SequenceBatch ignored = new SequenceBatch(9, 4, 2);
    int moved = 0;
    for (int i = 0; i < logits.data().length; i++) {
      float kept = logits.data()[i];
      logits.data()[i] = kept + 1e-3f;
      double above = loss.of(logits, labels, weights, ignored);
      logits.data()[i] = kept - 1e-3f;
      double below = loss.of(logits, labels, weights, ignored);
      logits.data()[i] = kept;
      assertEquals((above - below) / 2e-3, gradient.data()[i], 1e-5, "logit " + i);
      moved += gradient.data()[i] != 0 ? 1 : 0;
    }
    assertTrue(loss instanceof MaxPooling ? moved == 8 : moved > 40, moved + " logits matter");
  }

  @Test
  void crossEntropyIsTheWeightedMeanOfLogarithms() {
    double z = Math.log(3); // p = 3/4
    SequenceBatch gradient = steps(0, 0, 0);
    double loss = new CrossEntropy(0).of(steps(z, z, 50), steps(1, 0, 0), steps(1, 3, 0), gradient);
    assertEquals((-Math.log(0.75) - 3 * Math.log(0.25)) / 4, loss, 1e-6);
    assertArrayEquals(new float[] {-0.25f / 4, 3 * 0.75f / 4, 0}, gradient.data(), 1e-6f);
  }

  @Test
  void smoothedLabelsMoveTowardsTheMiddle() {
    SequenceBatch gradient = steps(0);
    new CrossEntropy(0.2f).of(steps(0), steps(1), steps(1), gradient);
    assertEquals(0.5 - 0.9, gradient.data()[0], 1e-6);
  }

  @Test
  void hugeLogitsStayFinite() {
    SequenceBatch gradient = steps(0, 0);
    for (Loss loss : new Loss[] {new CrossEntropy(0), new Focal(2), new MaxPooling()}) {
      double value = loss.of(steps(-3000, 3000), steps(1, 0), steps(1, 1), gradient);
      assertTrue(value > 1000 && value < 4000, loss + ": " + value);
      assertTrue(Float.isFinite(gradient.data()[0]), loss.toString());
      assertTrue(Float.isFinite(gradient.data()[1]), loss.toString());
    }
  }

  @Test
  void focalLossWeighsByTheRemainingError() {
    double z = Math.log(3); // p = 3/4
    double loss = new Focal(2).of(steps(z), steps(1), steps(1), steps(0));
    assertEquals(-0.0625 * Math.log(0.75), loss, 1e-6);
  }

  @Test
  void maxPoolingUsesTheLargestLogitOfTheWindow() {
    SequenceBatch gradient = steps(0, 0, 0, 0);
    new MaxPooling().of(steps(5, 0, 1, 9), steps(0, 1, 1, 0), steps(1, 1, 1, 1), gradient);
    assertArrayEquals(new float[] {0, 0, (float) (sigmoid(1) - 1), 0}, gradient.data(), 1e-6f);
  }

  @Test
  void maxPoolingUsesTheLargestLogitOfAClipWithoutTheWord() {
    SequenceBatch gradient = steps(0, 0, 0);
    new MaxPooling().of(steps(1, 3, 9), steps(0, 0, 0), steps(1, 1, 0), gradient);
    assertArrayEquals(new float[] {0, (float) sigmoid(3), 0}, gradient.data(), 1e-6f);
  }

  @Test
  void zeroWeightsGiveZeroLoss() {
    for (Loss loss : new Loss[] {new CrossEntropy(0), new Focal(2), new MaxPooling()}) {
      SequenceBatch gradient = steps(7);
      assertEquals(0, loss.of(steps(3), steps(1), steps(0), gradient));
      assertEquals(0, gradient.data()[0]);
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static SequenceBatch steps(double... values) {
    SequenceBatch steps = new SequenceBatch(values.length, 1, 1);
    for (int i = 0; i < values.length; i++) {
      steps.data()[i] = (float) values[i];
    }
    return steps;
  }
}
