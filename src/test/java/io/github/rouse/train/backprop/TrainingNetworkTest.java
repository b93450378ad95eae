// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TrainingNetworkTest {
  private static final int INPUTS = 6;

  /** Training and inference must compute the same values in every layer. */
  @TestFactory
  Stream<DynamicTest> trainedLayerGivesWhatTrainingGave() {
    return Stream.of(
        same("dense", w -> List.of(new DenseGradient("dense", INPUTS, 5, w))),
        same("relu", w -> List.of(new ActivationGradient(Activation.Function.RELU, INPUTS, w))),
        same("tanh", w -> List.of(new ActivationGradient(Activation.Function.TANH, INPUTS, w))),
        same("norm", w -> List.of(new BatchNormGradient("norm", INPUTS, 0.9f, 1e-3f, w))),
        same("conv", w -> List.of(new Conv1dGradient("conv", INPUTS, 9, 5, 2, 3, w))),
        same("conv, no padding", w -> List.of(new Conv1dGradient("conv", INPUTS, 9, 4, 4, 0, w))),
        same("rnn", w -> List.of(new SimpleRnnGradient("rnn", INPUTS, 8, 4, w))),
        same("lstm", w -> List.of(new LstmGradient("lstm", INPUTS, 8, false, 0, w))),
        same("lstm, peepholes", w -> List.of(new LstmGradient("lstm", INPUTS, 8, true, 5, w))),
        same("gru after", w -> List.of(new GruGradient("g", Gru.Reset.AFTER, INPUTS, 8, 0, w))),
        same("gru before", w -> List.of(new GruGradient("g", Gru.Reset.BEFORE, INPUTS, 8, 0, w))),
        same("gru none", w -> List.of(new GruGradient("g", Gru.Reset.NONE, INPUTS, 8, 0, w))),
        same("bidirectional", w -> List.of(bidirectional(w))),
        same("attention", w -> List.of(new AttentionPoolingGradient("pool", INPUTS, 5, w))),
        same("all together", TrainingNetworkTest::deep));
  }

  private static LayerGradient bidirectional(WorkerPool w) {
    return new BidirectionalGradient(
        new LstmGradient("ahead", INPUTS, 4, false, 0, w),
        new GruGradient("back", Gru.Reset.AFTER, INPUTS, 5, 0, w));
  }

  private static List<LayerGradient> deep(WorkerPool w) {
    return List.of(
        new Conv1dGradient("conv", INPUTS, 12, 5, 2, 4, w),
        new BatchNormGradient("norm", 12, 0.5f, 1e-3f, w),
        new ActivationGradient(Activation.Function.RELU, 12, w),
        new DropoutGradient(0.5f, 1, w),
        new GruGradient("gru", Gru.Reset.AFTER, 12, 10, 0, w),
        new DenseGradient("dense", 10, 3, w),
        new ActivationGradient(Activation.Function.SIGMOID, 3, w));
  }

  private static DynamicTest same(String name, Function<WorkerPool, List<LayerGradient>> make) {
    return DynamicTest.dynamicTest(name, () -> compare(make));
  }

  private static void compare(Function<WorkerPool, List<LayerGradient>> make) {
    try (WorkerPool workers = new WorkerPool(2)) {
      TrainingNetwork training = new TrainingNetwork(make.apply(workers));
      Random random = new Random(13);
      for (Parameter p : training.parameters()) {
        GradientCheck.fill(p.value(), random, 0.3);
      }
      SequenceBatch in = new SequenceBatch(21, 3, INPUTS);
      GradientCheck.fill(in.data(), random, 1);
      training.forward(in, true); // moves the running statistics away from their initial values
      SequenceBatch given = training.forward(in, false);
      Network trained = training.trained();
      for (int clip = 0; clip < in.clips(); clip++) {
        float[][] expected = trained.forward(clip(in, clip));
        assertEquals(expected.length, given.steps());
        for (int t = 0; t < expected.length; t++) {
          for (int i = 0; i < given.width(); i++) {
            float value = given.data()[(t * given.clips() + clip) * given.width() + i];
            assertEquals(expected[t][i], value, 1e-5, "clip " + clip + ", step " + t);
          }
        }
      }
    }
  }

  private static float[][] clip(SequenceBatch in, int clip) {
    float[][] frames = new float[in.steps()][in.width()];
    for (int t = 0; t < frames.length; t++) {
      int at = (t * in.clips() + clip) * in.width();
      System.arraycopy(in.data(), at, frames[t], 0, in.width());
    }
    return frames;
  }

  @Test
  void gradientsOfAWholeNetworkMatchFiniteDifferences() {
    try (WorkerPool workers = new WorkerPool(2)) {
      List<LayerGradient> layers = deep(workers);
      GradientCheck.check(new AsLayer(new TrainingNetwork(layers), layers.get(3)), 13, 4, 6, 14);
    }
  }

  /** A network as one layer with repeatable dropout. */
  private record AsLayer(TrainingNetwork network, LayerGradient dropout) implements LayerGradient {
    @Override
    public SequenceBatch forward(SequenceBatch in, boolean training) {
      ((DropoutGradient) dropout).batch(0);
      return network.forward(in, training);
    }

    @Override
    public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
      network.backward(outGradient);
      return null;
    }

    @Override
    public List<Parameter> parameters() {
      return network.parameters();
    }

    @Override
    public Layer trained() {
      return null;
    }
  }
}
