// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Slow;
import io.github.rouse.nn.Gru;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.LayerGradient;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.LstmGradient;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.SimpleRnnGradient;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WeightInitializer;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.Optimiser;
import io.github.rouse.train.optim.Sgd;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The textbook facts about recurrent networks (Bengio et al. 1994, Hochreiter and Schmidhuber
 * 1997): only gated ones remember over a hundred steps, and exploding gradients need clipping.
 */
@Slow
class LongDependencyTest {
  private static final int CLIPS = 32;
  private static final int UNITS = 16;
  private static final int STEPS = 200; // from the symbol to the question

  private final WorkerPool workers = new WorkerPool(1);
  private final Random random = new Random(1);

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void gruRemembersOneSymbolOverAHundredSteps() {
    double accuracy = accuracy(new GruGradient("r", Gru.Reset.AFTER, 2, UNITS, 0, workers), 0);
    assertTrue(accuracy > 0.95, "accuracy " + accuracy);
  }

  @Test
  void lstmRemembersOneSymbolOverAHundredSteps() {
    LayerGradient lstm = new LstmGradient("r", 2, UNITS, false, 0, workers);
    double accuracy = accuracy(lstm, 2 * UNITS);
    assertTrue(accuracy > 0.95, "accuracy " + accuracy);
  }

  @Test
  void simpleRnnForgetsIt() {
    double accuracy = accuracy(new SimpleRnnGradient("r", 2, UNITS, 0, workers), -1);
    assertTrue(accuracy < 0.7, "accuracy " + accuracy);
  }

  /**
   * Trains one layer under a dense output to report at the end which symbol came first.
   *
   * @param gate index of the bias of the gate that keeps the state, -1 without a gate
   */
  private double accuracy(LayerGradient layer, int gate) {
    DenseGradient dense = new DenseGradient("dense", UNITS, 1, workers);
    TrainingNetwork network = new TrainingNetwork(List.of(layer, dense));
    initialise(network, UNITS);
    if (gate
        >= 0) { // gates that remember for about the length of the task (Tallec and Ollivier 2018)
      float[] bias = layer.parameters().get(1).value();
      for (int u = 0; u < UNITS; u++) {
        bias[gate + u] = (float) Math.log(1 + random.nextDouble() * (STEPS - 2));
      }
    }
    Optimiser adam = new Adam(network.parameters(), 0);
    for (int step = 0; step < 250; step++) {
      network.clearGradients();
      train(network, STEPS);
      GradientClipping.byNorm(network.parameters(), 1);
      adam.step(3e-3);
    }
    int right = 0;
    for (int batch = 0; batch < 20; batch++) {
      SequenceBatch in = batch(STEPS);
      SequenceBatch logits = network.forward(in, false);
      for (int clip = 0; clip < CLIPS; clip++) {
        float logit = logits.data()[(STEPS - 1) * CLIPS + clip];
        right += logit > 0 == in.data()[2 * clip] > 0 ? 1 : 0;
      }
    }
    return right / (20.0 * CLIPS);
  }

  private void initialise(TrainingNetwork network, int units) {
    for (Parameter p : network.parameters()) {
      int parts = p.columns() == 1 ? 1 : p.columns() / units;
      (p.isMatrix() ? WeightInitializer.XAVIER : WeightInitializer.ZEROS).fill(p, parts, random);
    }
  }

  /** Runs a forward and a backward pass over a new batch; returns the loss. */
  private double train(TrainingNetwork network, int steps) {
    SequenceBatch in = batch(steps);
    SequenceBatch logits = network.forward(in, true);
    SequenceBatch labels = new SequenceBatch(steps, CLIPS, 1);
    SequenceBatch weights = new SequenceBatch(steps, CLIPS, 1);
    for (int clip = 0; clip < CLIPS; clip++) {
      int last = (steps - 1) * CLIPS + clip;
      labels.data()[last] = in.data()[2 * clip] > 0 ? 1 : 0;
      weights.data()[last] = 1;
    }
    SequenceBatch gradient = new SequenceBatch(steps, CLIPS, 1);
    double loss = new Loss.CrossEntropy(0).of(logits, labels, weights, gradient);
    network.backward(gradient);
    return loss;
  }

  /** [steps][clips][2]: a symbol, 1 or -1, at the first step only; noise at all others. */
  private SequenceBatch batch(int steps) {
    SequenceBatch in = new SequenceBatch(steps, CLIPS, 2);
    for (int row = 0; row < in.rows(); row++) {
      if (row < CLIPS) {
        in.data()[2 * row] = random.nextBoolean() ? 1 : -1;
      } else {
        in.data()[2 * row + 1] = (float) random.nextGaussian();
      }
    }
    return in;
  }

  @Test
  void clippingKeepsExplodingGradientsFinite() {
    assertFalse(staysFinite(false), "without clipping");
    assertTrue(staysFinite(true), "with clipping");
  }

  /**
   * Trains a simple recurrent network at a high rate, from weights with which each step back in
   * time increases the gradient: over 390 steps to 5e37, close to the limit of float.
   */
  private boolean staysFinite(boolean clipped) {
    random.setSeed(1);
    int units = 32;
    LayerGradient layer = new SimpleRnnGradient("r", 2, units, 0, workers);
    DenseGradient dense = new DenseGradient("dense", units, 1, workers);
    TrainingNetwork network = new TrainingNetwork(List.of(layer, dense));
    initialise(network, units);
    float[] recurrent = layer.parameters().get(2).value();
    for (int i = 0; i < recurrent.length; i++) {
      recurrent[i] *= 3;
    }
    Optimiser sgd = new Sgd(network.parameters(), 0.9);
    for (int step = 0; step < 60; step++) {
      network.clearGradients();
      double loss = train(network, 390);
      double norm = GradientClipping.norm(network.parameters());
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        return false;
      }
      if (clipped) {
        GradientClipping.byNorm(network.parameters(), 1);
      }
      sgd.step(10);
    }
    return true;
  }
}
