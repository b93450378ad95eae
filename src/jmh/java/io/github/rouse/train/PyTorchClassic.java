// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static io.github.rouse.train.RouseClassic.CLIP_NORM;
import static io.github.rouse.train.RouseClassic.RATE;
import static io.github.rouse.train.TrainingAgainstPyTorch.BINS;
import static io.github.rouse.train.TrainingAgainstPyTorch.CLIPS;
import static io.github.rouse.train.TrainingAgainstPyTorch.DROPOUT;
import static io.github.rouse.train.TrainingAgainstPyTorch.FILTERS;
import static io.github.rouse.train.TrainingAgainstPyTorch.FRAMES;
import static io.github.rouse.train.TrainingAgainstPyTorch.KERNEL;
import static io.github.rouse.train.TrainingAgainstPyTorch.STEPS;
import static io.github.rouse.train.TrainingAgainstPyTorch.STRIDE;
import static io.github.rouse.train.TrainingAgainstPyTorch.UNITS;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.GRU;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.rouse.train.backprop.SequenceBatch;

/** The classic network, trained by PyTorch through DJL. */
final class PyTorchClassic implements AutoCloseable {
  private final Model model;
  private final Trainer trainer;
  private final NDArray features; // [clips][bins][frames], the order PyTorch's convolution reads
  private final NDArray labels; // [steps][clips][1]
  private final NDArray weights; // [steps][clips][1], their sum is 1

  PyTorchClassic(SequenceBatch features, SequenceBatch labels, SequenceBatch weights, int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    model = Model.newInstance("classic", Device.cpu(), "PyTorch");
    model.setBlock(network());
    NDManager manager = model.getNDManager();
    this.features =
        manager
            .create(features.data(), new Shape(FRAMES, CLIPS, BINS))
            .transpose(1, 2, 0)
            .duplicate();
    this.labels = manager.create(labels.data(), new Shape(STEPS, CLIPS, 1));
    NDArray unscaled = manager.create(weights.data(), new Shape(STEPS, CLIPS, 1));
    this.weights = unscaled.div(unscaled.sum());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.sigmoidBinaryCrossEntropyLoss()) // not used, but required
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed((float) RATE)).build())
            .optDevices(new Device[] {Device.cpu()});
    trainer = model.newTrainer(config);
    trainer.initialize(new Shape(CLIPS, BINS, FRAMES));
  }

  private static Block network() {
    return new SequentialBlock()
        .add(
            Conv1d.builder()
                .setKernelShape(new Shape(KERNEL))
                .optStride(new Shape(STRIDE))
                .setFilters(FILTERS)
                .build())
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(dropout())
        .addSingleton(x -> x.transpose(2, 0, 1)) // [clips][filters][steps] to time first
        .add(gru())
        .add(dropout())
        .add(norm())
        .add(gru())
        .add(dropout())
        .add(norm())
        .add(Linear.builder().setUnits(1).build());
  }

  private static Block dropout() {
    return Dropout.builder().optRate(DROPOUT).build();
  }

  private static Block gru() {
    return GRU.builder()
        .setStateSize(UNITS)
        .setNumLayers(1)
        .optBatchFirst(false)
        .optReturnState(false)
        .build();
  }

  /** Over rows of channels: PyTorch normalises axis 1. */
  private static Block norm() {
    return new SequentialBlock()
        .addSingleton(x -> x.reshape((long) STEPS * CLIPS, UNITS))
        .add(BatchNorm.builder().build())
        .addSingleton(x -> x.reshape(STEPS, CLIPS, UNITS));
  }

  /** Trains on the batch once; returns the loss before. */
  double batch() {
    try (NDManager scope = features.getManager().newSubManager()) {
      double value;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        scope.tempAttachAll(features); // what is computed belongs to the manager of its input
        NDArray logits = trainer.forward(new NDList(features)).singletonOrThrow();
        NDArray loss = crossEntropy(logits);
        collector.backward(loss);
        value = loss.getFloat();
      }
      clip(scope);
      trainer.step();
      return value;
    }
  }

  /** {@code max(z, 0) - z label + log(1 + exp(-|z|))}, weighted. */
  private NDArray crossEntropy(NDArray z) {
    NDArray rest = z.abs().neg().exp().add(1).log();
    return z.maximum(0).sub(z.mul(labels)).add(rest).mul(weights).sum();
  }

  /** By the norm of all gradients together. */
  private void clip(NDManager scope) {
    double squares = 0;
    NDList gradients = new NDList();
    for (Parameter p : model.getBlock().getParameters().values()) {
      if (p.requiresGradient()) {
        NDArray gradient = p.getArray().getGradient();
        gradient.attach(scope);
        gradients.add(gradient);
        squares += gradient.square().sum().getFloat();
      }
    }
    double norm = Math.sqrt(squares);
    if (norm > CLIP_NORM) {
      gradients.forEach(gradient -> gradient.muli(CLIP_NORM / norm));
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
