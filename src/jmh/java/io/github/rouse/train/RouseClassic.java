package io.github.rouse.train;

import static io.github.rouse.train.TrainingAgainstPyTorch.BINS;
import static io.github.rouse.train.TrainingAgainstPyTorch.CLIP_NORM;
import static io.github.rouse.train.TrainingAgainstPyTorch.DROPOUT;
import static io.github.rouse.train.TrainingAgainstPyTorch.FILTERS;
import static io.github.rouse.train.TrainingAgainstPyTorch.KERNEL;
import static io.github.rouse.train.TrainingAgainstPyTorch.RATE;
import static io.github.rouse.train.TrainingAgainstPyTorch.STRIDE;
import static io.github.rouse.train.TrainingAgainstPyTorch.UNITS;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Gru;
import java.util.List;
import java.util.SplittableRandom;

/** The classic network ({@link Recipe#CLASSIC}), trained by this project. */
final class RouseClassic {
  private static final float MOMENTUM = 0.97f;
  private static final float EPSILON = 1e-3f;

  private final Steps features; // [frames][clips][bins]
  private final Steps labels; // [steps][clips][1]
  private final Steps weights; // [steps][clips][1]
  private final Steps gradient; // [steps][clips][1]
  private final TrainingNetwork network;
  private final Optimiser optimiser;
  private final Loss loss = new Loss.CrossEntropy(0);

  RouseClassic(Steps features, Steps labels, Steps weights, Workers workers) {
    this.features = features;
    this.labels = labels;
    this.weights = weights;
    gradient = new Steps(labels.steps(), labels.clips(), labels.width());
    network =
        new TrainingNetwork(
            List.of(
                new Conv1dGradient("conv", BINS, FILTERS, KERNEL, STRIDE, 0, workers),
                new BatchNormGradient("norm1", FILTERS, MOMENTUM, EPSILON, workers),
                new ActivationGradient(Activation.Function.RELU, FILTERS, workers),
                new DropoutGradient(DROPOUT, 1, workers),
                new GruGradient("gru1", Gru.Reset.AFTER, FILTERS, UNITS, 0, workers),
                new DropoutGradient(DROPOUT, 2, workers),
                new BatchNormGradient("norm2", UNITS, MOMENTUM, EPSILON, workers),
                new GruGradient("gru2", Gru.Reset.AFTER, UNITS, UNITS, 0, workers),
                new DropoutGradient(DROPOUT, 3, workers),
                new BatchNormGradient("norm3", UNITS, MOMENTUM, EPSILON, workers),
                new DenseGradient("output", UNITS, 1, workers)));
    SplittableRandom random = new SplittableRandom(1);
    for (Parameter p : network.parameters()) {
      if (p.name().endsWith("recurrentWeights")) {
        Initial.ORTHOGONAL.fill(p, p.columns() / p.rows(), random);
      } else if (p.isMatrix()) {
        Initial.XAVIER.fill(p, 1, random);
      }
    }
    optimiser = new Adam(network.parameters(), 0);
  }

  /** Trains on the batch once; returns the loss before. */
  double batch() {
    network.clearGradients();
    Steps logits = network.forward(features, true);
    double value = loss.of(logits, labels, weights, gradient);
    network.backward(gradient);
    GradientClipping.byNorm(network.parameters(), CLIP_NORM);
    optimiser.step(RATE);
    return value;
  }
}
