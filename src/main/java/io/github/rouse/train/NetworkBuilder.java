// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Gru;
import io.github.rouse.train.backprop.ActivationGradient;
import io.github.rouse.train.backprop.BatchNormGradient;
import io.github.rouse.train.backprop.Conv1dGradient;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.LayerGradient;
import io.github.rouse.train.backprop.LstmGradient;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SimpleRnnGradient;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WeightInitializer;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Builds a recipe's network with initial weights, and maps its steps to frames. */
public final class NetworkBuilder {
  private static final float NORM_MOMENTUM = 0.97f;
  private static final float NORM_EPSILON = 1e-3f;

  private final List<LayerGradient> layers = new ArrayList<>();
  private final List<DropoutGradient> dropouts = new ArrayList<>();
  private final TrainingNetwork network;
  private final int outputs;
  private int stride = 1; // frames from one step to the next
  private int firstFrames = 1; // frames needed for the first step

  /**
   * Builds a network of words.
   *
   * @param outputs values per step of the dense layer at the end
   */
  public NetworkBuilder(Recipe recipe, int outputs, WorkerPool workers) {
    this(
        recipe.features().bins(),
        recipe.layers(),
        outputs,
        recipe.seed(),
        recipe.schedule().truncation(),
        workers);
  }

  /**
   * Builds a network.
   *
   * @param inputs values per frame
   * @param plans the layers before the dense one at the end
   * @param outputs values per step of the dense layer
   * @param truncation steps after which back-propagation through time is cut; 0 for never
   */
  public NetworkBuilder(
      int inputs,
      List<LayerPlan> plans,
      int outputs,
      long seed,
      int truncation,
      WorkerPool workers) {
    this.outputs = outputs;
    int width = inputs;
    SplittableRandom random = new SplittableRandom(seed);
    for (LayerPlan plan : plans) {
      String name = "layer" + layers.size();
      if (plan instanceof LayerPlan.Conv conv) {
        layers.add(
            new Conv1dGradient(
                name, width, conv.filters(), conv.kernel(), conv.stride(), 0, workers));
        firstFrames += (conv.kernel() - 1) * stride;
        stride *= conv.stride();
        width = conv.filters();
      } else if (plan instanceof LayerPlan.Norm) {
        layers.add(new BatchNormGradient(name, width, NORM_MOMENTUM, NORM_EPSILON, workers));
      } else if (plan instanceof LayerPlan.Relu) {
        layers.add(new ActivationGradient(Activation.Function.RELU, width, workers));
      } else if (plan instanceof LayerPlan.Dropout dropout) {
        dropouts.add(new DropoutGradient(dropout.rate(), seed + layers.size(), workers));
        layers.add(dropouts.get(dropouts.size() - 1));
      } else if (plan instanceof LayerPlan.Recurrent recurrent) {
        layers.add(recurrent(recurrent, name, width, truncation, workers));
        width = recurrent.units();
      }
    }
    layers.add(new DenseGradient("output", width, outputs, workers));
    network = new TrainingNetwork(layers);
    for (Parameter p : network.parameters()) {
      initialise(p, random);
    }
  }

  private static LayerGradient recurrent(
      LayerPlan.Recurrent plan, String name, int width, int cut, WorkerPool workers) {
    int units = plan.units();
    return switch (plan.kind()) {
      case "rnn" -> new SimpleRnnGradient(name, width, units, cut, workers);
      case "gru" -> new GruGradient(name, Gru.Reset.AFTER, width, units, cut, workers);
      case "gru-before" -> new GruGradient(name, Gru.Reset.BEFORE, width, units, cut, workers);
      case "gru-simple" -> new GruGradient(name, Gru.Reset.NONE, width, units, cut, workers);
      case "lstm" -> new LstmGradient(name, width, units, false, cut, workers);
      case "lstm-peephole" -> new LstmGradient(name, width, units, true, cut, workers);
      default -> throw new IllegalArgumentException("kind=" + plan.kind());
    };
  }

  /** Initialises a parameter according to its role. */
  public static void initialise(Parameter p, SplittableRandom random) {
    if (p.name().endsWith("recurrentWeights")) {
      WeightInitializer.ORTHOGONAL.fill(p, p.columns() / p.rows(), random);
    } else if (p.name().endsWith(".weights")) { // of a convolution, which a rectifier follows
      WeightInitializer.HE.fill(p, 1, random);
    } else if (p.isMatrix()) {
      WeightInitializer.XAVIER.fill(p, 1, random);
    }
  }

  /** Output values per step. */
  int outputs() {
    return outputs;
  }

  public TrainingNetwork network() {
    return network;
  }

  /** Selects the batch's dropout masks, so a resumed training run drops the same values. */
  public void batch(long number) {
    dropouts.forEach(dropout -> dropout.batch(number));
  }

  /** Steps in so many frames. */
  public int steps(int frames) {
    return frames < firstFrames ? 0 : (frames - firstFrames) / stride + 1;
  }

  /** The frame that completes a step. */
  public int lastFrame(int step) {
    return firstFrames - 1 + step * stride;
  }
}
