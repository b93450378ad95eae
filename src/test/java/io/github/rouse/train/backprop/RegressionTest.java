// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionTest {
  private static final int WIDTH = 5;

  private static SequenceBatch random(long seed, double scale) {
    SequenceBatch batch = new SequenceBatch(4, 3, WIDTH);
    GradientCheck.fill(batch.data(), new Random(seed), scale);
    return batch;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 3})
  void theGradientIsThatOfFiniteDifferences(double cosine) {
    Regression loss = new Regression(cosine);
    SequenceBatch outputs = random(1, 1.5);
    SequenceBatch targets = random(2, 1.5);
    SequenceBatch gradient = new SequenceBatch(4, 3, WIDTH);
    Arrays.fill(gradient.data(), Float.NaN);
    loss.of(outputs, targets, 2, gradient);
    SequenceBatch ignored = new SequenceBatch(4, 3, WIDTH);
    for (int i = 0; i < outputs.data().length; i++) {
      float kept = outputs.data()[i];
      float higher = kept + 1e-3f;
      float lower = kept - 1e-3f;
      outputs.data()[i] = higher;
      double above = loss.of(outputs, targets, 2, ignored);
      outputs.data()[i] = lower;
      double below = loss.of(outputs, targets, 2, ignored);
      outputs.data()[i] = kept;
      double slope = (above - below) / ((double) higher - lower);
      assertEquals(slope, gradient.data()[i], 1e-5, "value " + i);
    }
  }

  @Test
  void onlyTheTargetStepsCount() {
    SequenceBatch outputs = random(1, 1);
    SequenceBatch targets = random(2, 1);
    System.arraycopy(outputs.data(), 0, targets.data(), 0, 3 * WIDTH);
    System.arraycopy(outputs.data(), 6 * WIDTH, targets.data(), 6 * WIDTH, 3 * WIDTH);
    SequenceBatch gradient = new SequenceBatch(4, 3, WIDTH);
    assertEquals(0, new Regression(1).of(outputs, targets, 2, gradient), 1e-12);
    for (float g : gradient.data()) {
      assertEquals(0, g, 1e-7);
    }
  }

  @Test
  void theCosineDistanceOfOppositeVectorsIsTwo() {
    SequenceBatch x = new SequenceBatch(new float[] {3, 4}, 1, 1, 2);
    SequenceBatch y = new SequenceBatch(new float[] {-3, -4}, 1, 1, 2);
    double squared = (36 + 64) / 2.0;
    assertEquals(squared + 2, new Regression(1).of(x, y, 1, new SequenceBatch(1, 1, 2)), 1e-9);
  }

  @Test
  void aZeroVectorHasAFiniteGradient() {
    SequenceBatch x = new SequenceBatch(1, 1, 2);
    SequenceBatch y = new SequenceBatch(new float[] {1, 0}, 1, 1, 2);
    SequenceBatch gradient = new SequenceBatch(1, 1, 2);
    new Regression(1e-9).of(x, y, 1, gradient);
    assertEquals(-1, gradient.data()[0], 0.01);
  }
}
