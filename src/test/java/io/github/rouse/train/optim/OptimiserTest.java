// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.WeightInitializer;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimiserTest {
  private final Parameter weight = new Parameter("weight", 2, 1);

  /** The first weight after each step at a rate of 0.1, starting from 1. */
  private float[] run(Optimiser optimiser, float... gradients) {
    float[] path = new float[gradients.length];
    weight.value()[0] = 1;
    for (int i = 0; i < path.length; i++) {
      weight.gradient()[0] = gradients[i];
      optimiser.step(0.1);
      path[i] = weight.value()[0];
    }
    return path;
  }

  @Test
  void sgdAccumulatesVelocity() {
    Optimiser sgd = new Sgd(List.of(weight), 0.9);
    // v = 1, 1.9, 0.71
    assertArrayEquals(new float[] {0.9f, 0.71f, 0.639f}, run(sgd, 1, 1, -1), 1e-6f);
  }

  @Test
  void rmsPropDividesByTheRootOfTheMeanSquare() {
    Optimiser rmsProp = new RmsProp(List.of(weight));
    // s = 0.4, 0.46: steps 2 / 0.632456 and 1 / 0.678233
    assertArrayEquals(new float[] {0.683772f, 0.536330f}, run(rmsProp, 2, 1), 1e-6f);
  }

  @Test
  void adamCorrectsTheBiasOfItsMoments() {
    Optimiser adam = new Adam(List.of(weight), 0);
    // m = 0.2, 0.08; v = 0.004, 0.004996; corrected 2 and 0.421053; 4 and 2.499250
    assertArrayEquals(new float[] {0.9f, 0.873366f}, run(adam, 2, -1), 1e-6f);
  }

  @Test
  void adamWDecaysMatricesButNotBiases() {
    Parameter bias = new Parameter("bias", 1, 2);
    bias.value()[0] = 1;
    bias.gradient()[0] = 3;
    // 1 - 0.1 * 0.5 - 0.1
    Optimiser adamW = new Adam(List.of(weight, bias), 0.5);
    assertArrayEquals(new float[] {0.85f}, run(adamW, 3), 1e-6f);
    assertEquals(0.9, bias.value()[0], 1e-6);
  }

  @Test
  void restoredStateContinuesTheSamePath() {
    continues(p -> new Sgd(p, 0.9));
    continues(RmsProp::new);
    continues(p -> new Adam(p, 0.01));
  }

  private void continues(Function<List<Parameter>, Optimiser> make) {
    float[] path = run(make.apply(List.of(weight)), 1, -2, 3, 0.5f);
    Optimiser first = make.apply(List.of(weight));
    run(first, 1, -2);
    Optimiser second = make.apply(List.of(weight));
    for (int i = 0; i < first.state().size(); i++) {
      float[] from = first.state().get(i);
      System.arraycopy(from, 0, second.state().get(i), 0, from.length);
    }
    weight.gradient()[0] = 3;
    second.step(0.1);
    assertEquals(path[2], weight.value()[0]);
    weight.gradient()[0] = 0.5f;
    second.step(0.1);
    assertEquals(path[3], weight.value()[0]);
  }

  @Test
  void clippingByNormKeepsTheDirection() {
    Parameter other = new Parameter("other", 1, 1);
    weight.gradient()[0] = 3;
    other.gradient()[0] = -4;
    List<Parameter> both = List.of(weight, other);
    assertEquals(5, GradientClipping.byNorm(both, 10), 1e-9);
    assertEquals(3, weight.gradient()[0]);
    GradientClipping.byNorm(both, 1);
    assertEquals(0.6, weight.gradient()[0], 1e-6);
    assertEquals(-0.8, other.gradient()[0], 1e-6);
    other.gradient()[0] = Float.POSITIVE_INFINITY;
    assertEquals(Double.POSITIVE_INFINITY, GradientClipping.byNorm(both, 1));
    assertEquals(0, GradientClipping.norm(both));
  }

  @Test
  void clippingByValueBoundsEachEntry() {
    weight.gradient()[0] = Float.NEGATIVE_INFINITY;
    weight.gradient()[1] = 0.2f;
    GradientClipping.byValue(List.of(weight), 0.5f);
    assertArrayEquals(new float[] {-0.5f, 0.2f}, weight.gradient());
  }

  @ParameterizedTest
  @CsvSource({"0, 0.25", "3, 1", "4, 1", "54, 0.55", "104, 0.1", "500, 0.1"})
  void learningRateWarmsUpThenDecaysByACosine(int step, double expected) {
    assertEquals(expected, new LearningRate(1, 4, 105, 0.1).at(step), 1e-9);
  }

  @Test
  void learningRateNeedsStepsAfterWarmUp() {
    assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, 10, 10, 0));
  }

  @Test
  void weightAverageTracksAndSwaps() {
    weight.value()[0] = 1;
    WeightAverage average = new WeightAverage(List.of(weight.value()), 0.9);
    weight.value()[0] = 2;
    average.update(0); // decay 0.1: 1.9
    average.update(1000); // decay 0.9: 1.91
    average.swap();
    assertEquals(1.91, weight.value()[0], 1e-6);
    average.swap();
    assertEquals(2, weight.value()[0]);
  }

  @ParameterizedTest
  @CsvSource({"XAVIER, 0.0025", "HE, 0.00333333", "ZEROS, 0"})
  void initialVarianceFollowsFanInAndFanOut(WeightInitializer initial, double variance) {
    Parameter p = new Parameter("p", 600, 400); // two parts of 200: 2 / 800, 2 / 600
    initial.fill(p, 2, new Random(1));
    double sum = 0;
    double squares = 0;
    for (float w : p.value()) {
      sum += w;
      squares += (double) w * w;
    }
    int count = p.value().length;
    assertEquals(0, sum / count, 4e-4);
    assertEquals(variance, squares / count, 0.02 * variance);
  }

  @ParameterizedTest
  @CsvSource({"12, 36, 3", "20, 7, 1", "7, 20, 1"})
  void orthogonalPartsKeepLengths(int rows, int columns, int parts) {
    Parameter p = new Parameter("p", rows, columns);
    RandomGenerator random = new Random(2);
    WeightInitializer.ORTHOGONAL.fill(p, parts, random);
    int width = columns / parts;
    int few = Math.min(rows, width);
    for (int part = 0; part < parts; part++) {
      for (int i = 0; i < few; i++) {
        for (int j = 0; j < few; j++) {
          double dot = 0;
          for (int k = 0; k < Math.max(rows, width); k++) {
            dot +=
                rows <= width
                    ? (double) at(p, i, part * width + k) * at(p, j, part * width + k)
                    : (double) at(p, k, part * width + i) * at(p, k, part * width + j);
          }
          assertEquals(i == j ? 1 : 0, dot, 1e-6);
        }
      }
    }
  }

  private static float at(Parameter p, int row, int column) {
    return p.value()[row * p.columns() + column];
  }
}
