// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientTest {
  private final WorkerPool workers = new WorkerPool(2);

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void dense() {
    GradientCheck.check(new DenseGradient("dense", 7, 5, workers), 4, 3, 7, 1);
  }

  @ParameterizedTest
  @EnumSource(Gru.Reset.class)
  void gru(Gru.Reset reset) {
    GradientCheck.check(new GruGradient("gru", reset, 6, 9, 0, workers), 7, 3, 6, 2);
  }

  @Test
  void batchNorm() {
    LayerGradient layer = new BatchNormGradient("norm", 5, 0.9f, 1e-3f, workers);
    GradientCheck.check(layer, 6, 3, 5, 3);
  }

  @ParameterizedTest
  @EnumSource(Activation.Function.class)
  void activation(Activation.Function function) {
    GradientCheck.check(new ActivationGradient(function, 5, workers), 4, 3, 5, 4);
  }

  @Test
  void dropout() {
    DropoutGradient layer = new DropoutGradient(0.4f, 5, workers);
    GradientCheck.check(new Wrapped(layer, () -> layer.batch(0), 1f), 4, 3, 5, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "4, 1, 0",
    "4, 1, 3",
    "5, 3, 4",
    "5, 2, 3",
    "7, 7, 1",
    "3, 5, 2",
    "12, 2, 11"
  })
  void conv1d(int kernel, int stride, int padding) {
    LayerGradient layer = new Conv1dGradient("conv", 4, 6, kernel, stride, padding, workers);
    GradientCheck.check(layer, 13, 3, 4, 6);
  }

  @Test
  void simpleRnn() {
    GradientCheck.check(new SimpleRnnGradient("rnn", 6, 9, 0, workers), 7, 3, 6, 7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lstm(boolean peepholes) {
    GradientCheck.check(new LstmGradient("lstm", 6, 9, peepholes, 0, workers), 7, 3, 6, 8);
  }

  @Test
  void bidirectional() {
    LayerGradient ahead = new GruGradient("ahead", Gru.Reset.AFTER, 6, 4, 0, workers);
    LayerGradient back = new LstmGradient("back", 6, 5, true, 0, workers);
    GradientCheck.check(new BidirectionalGradient(ahead, back), 7, 3, 6, 9);
  }

  @Test
  void attentionPooling() {
    GradientCheck.check(new AttentionPoolingGradient("pool", 6, 5, workers), 9, 3, 6, 10);
  }

  @Test
  void attentionDecoder() {
    AttentionDecoderGradient layer = new AttentionDecoderGradient("decoder", 4, 6, 5, 7, workers);
    layer.feed(new int[][] {{3, 3, 3}, {0, 2, 1}, {1, 1, 0}, {2, 0, 0}});
    GradientCheck.check(layer, 8, 3, 6, 11);
  }

  @Test
  void aFivePercentErrorIsFound() {
    LayerGradient broken = new Wrapped(new DenseGradient("dense", 7, 5, workers), () -> {}, 1.05f);
    assertThrows(AssertionError.class, () -> GradientCheck.check(broken, 4, 3, 7, 1));
  }

  /** Truncation in the middle of a batch equals training on two halves with carried state. */
  @Test
  void truncationEqualsCarriedBatches() {
    cutsLikeCarriedBatches(k -> new SimpleRnnGradient("rnn", 5, 7, k, workers));
    cutsLikeCarriedBatches(k -> new LstmGradient("lstm", 5, 7, true, k, workers));
    for (Gru.Reset reset : Gru.Reset.values()) {
      cutsLikeCarriedBatches(k -> new GruGradient("gru", reset, 5, 7, k, workers));
    }
  }

  private static void cutsLikeCarriedBatches(Function<Integer, LayerGradient> make) {
    LayerGradient whole = make.apply(4);
    LayerGradient halves = make.apply(0);
    Random random = new Random(11);
    for (int i = 0; i < whole.parameters().size(); i++) {
      float[] value = whole.parameters().get(i).value();
      GradientCheck.fill(value, random, 0.4);
      System.arraycopy(value, 0, halves.parameters().get(i).value(), 0, value.length);
    }
    SequenceBatch in = new SequenceBatch(8, 3, 5);
    GradientCheck.fill(in.data(), random, 1);
    SequenceBatch by = new SequenceBatch(8, 3, 7);
    GradientCheck.fill(by.data(), random, 1);
    float[] out = whole.forward(in, true).data().clone();
    float[] outHalves = new float[out.length];
    for (int half = 0; half < 2; half++) {
      halves.carry(new boolean[] {half == 1, half == 1, half == 1});
      SequenceBatch given = halves.forward(half(in, half), true);
      System.arraycopy(given.data(), 0, outHalves, half * out.length / 2, out.length / 2);
      halves.backward(half(by, half), false);
    }
    whole.backward(by, false);
    assertArrayEquals(out, outHalves, 1e-6f);
    for (int i = 0; i < whole.parameters().size(); i++) {
      Parameter expected = halves.parameters().get(i);
      assertArrayEquals(
          expected.gradient(), whole.parameters().get(i).gradient(), 1e-4f, expected.name());
    }
  }

  private static SequenceBatch half(SequenceBatch whole, int half) {
    SequenceBatch part = new SequenceBatch(whole.steps() / 2, whole.clips(), whole.width());
    System.arraycopy(whole.data(), half * part.data().length, part.data(), 0, part.data().length);
    return part;
  }

  @Test
  void dropoutDoesNotDependOnThreads() {
    SequenceBatch in = new SequenceBatch(50, 4, 30);
    Arrays.fill(in.data(), 1f);
    float[] two = new DropoutGradient(0.3f, 12, workers).forward(in, true).data().clone();
    try (WorkerPool alone = new WorkerPool(1)) {
      DropoutGradient layer = new DropoutGradient(0.3f, 12, alone);
      assertArrayEquals(two, layer.forward(in, true).data());
      int same = 0;
      double mean = 0;
      float[] next = layer.forward(in, true).data();
      for (int i = 0; i < two.length; i++) {
        same += two[i] == next[i] ? 1 : 0;
        mean += next[i] / next.length;
      }
      assertEquals(1, mean, 0.03);
      assertEquals(0.3 * 0.3 + 0.7 * 0.7, (double) same / two.length, 0.03); // a different mask
    }
  }

  @Test
  void batchNormKeepsRunningStatistics() {
    BatchNormGradient layer = new BatchNormGradient("norm", 1, 0.9f, 1e-3f, workers);
    SequenceBatch in = new SequenceBatch(new float[] {1, 2, 3, 6}, 2, 2, 1); // mean 3, variance 3.5
    float[] out = layer.forward(in, true).data();
    assertEquals((6 - 3) / Math.sqrt(3.5 + 1e-3), out[3], 1e-6);
    assertEquals(0.1 * 3, layer.statistics().get(0)[0], 1e-6);
    assertEquals(0.9 + 0.1 * 3.5, layer.statistics().get(1)[0], 1e-6);
  }

  /** A layer with an action before each pass and a factor on its parameters' gradients. */
  private record Wrapped(LayerGradient layer, Runnable before, float factor)
      implements LayerGradient {
    @Override
    public SequenceBatch forward(SequenceBatch in, boolean training) {
      before.run();
      return layer.forward(in, training);
    }

    @Override
    public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
      SequenceBatch given = layer.backward(outGradient, needed);
      for (Parameter p : layer.parameters()) {
        for (int i = 0; i < p.gradient().length; i++) {
          p.gradient()[i] *= factor;
        }
      }
      return given;
    }

    @Override
    public List<Parameter> parameters() {
      return layer.parameters();
    }

    @Override
    public Layer trained() {
      return layer.trained();
    }
  }
}
