// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.Optimiser;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.List;

/** Trains the classic network ({@link LayerPlan#CLASSIC}) repeatedly on one batch. */
final class RouseClassic {
  static final double RATE = 1e-3;
  static final double CLIP_NORM = 0.5;

  private static final Recipe RECIPE =
      new Recipe(
          new Recipe.Sources("word", List.of(), List.of(), List.of()),
          FeatureSpec.CLASSIC,
          LayerPlan.CLASSIC,
          Recipe.Clips.CLASSIC,
          Recipe.Augmentation.DEFAULT,
          Recipe.Schedule.CLASSIC,
          Recipe.Optimisation.DEFAULT,
          TriggerPolicy.DEFAULT,
          1);

  private final SequenceBatch features; // [frames][clips][bins]
  private final SequenceBatch labels; // [steps][clips][1]
  private final SequenceBatch weights; // [steps][clips][1]
  private final SequenceBatch gradient; // [steps][clips][1]
  private final TrainingNetwork network;
  private final Optimiser optimiser;
  private final Loss loss = new Loss.CrossEntropy(0);

  RouseClassic(
      SequenceBatch features, SequenceBatch labels, SequenceBatch weights, WorkerPool workers) {
    this.features = features;
    this.labels = labels;
    this.weights = weights;
    gradient = new SequenceBatch(labels.steps(), labels.clips(), labels.width());
    network = new NetworkBuilder(RECIPE, 1, workers).network();
    optimiser = new Adam(network.parameters(), 0);
  }

  /** The network in training. */
  TrainingNetwork network() {
    return network;
  }

  /** Trains on the batch once; returns the loss before. */
  double batch() {
    network.clearGradients();
    SequenceBatch logits = network.forward(features, true);
    double value = loss.of(logits, labels, weights, gradient);
    network.backward(gradient);
    GradientClipping.byNorm(network.parameters(), CLIP_NORM);
    optimiser.step(RATE);
    return value;
  }
}
