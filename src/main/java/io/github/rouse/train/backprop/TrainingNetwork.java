// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A network in training: runs its layers forward and backward. */
public final class TrainingNetwork {
  private final List<LayerGradient> layers;
  private final List<Parameter> parameters;

  public TrainingNetwork(List<LayerGradient> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers=[], expected at least one");
    }
    this.layers = List.copyOf(layers);
    parameters = layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * Runs all layers over a batch.
   *
   * @param in [steps][clips][inputs]; must not change until {@link #backward}
   * @param training false to behave like the trained network
   * @return [steps][clips][outputs], overwritten by the next call
   */
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    SequenceBatch values = in;
    for (LayerGradient layer : layers) {
      values = layer.forward(values, training);
    }
    return values;
  }

  /**
   * Adds to the gradient of each parameter.
   *
   * @param gradient of the loss with respect to the outputs of {@link #forward}; overwritten
   */
  public void backward(SequenceBatch gradient) {
    SequenceBatch given = gradient;
    for (int i = layers.size() - 1; i >= 0; i--) {
      given = layers.get(i).backward(given, i > 0);
    }
  }

  /** The trainable parameters, first layer first. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** The live state besides the parameters, in a fixed order; overwrite to restore. */
  public List<float[]> statistics() {
    return layers.stream().flatMap(layer -> layer.statistics().stream()).toList();
  }

  /** Sets all gradients to zero. */
  public void clearGradients() {
    for (Parameter p : parameters) {
      Arrays.fill(p.gradient(), 0f);
    }
  }

  /** Calls {@link LayerGradient#carry} on all layers. */
  public void carry(boolean[] kept) {
    for (LayerGradient layer : layers) {
      layer.carry(kept);
    }
  }

  /** The network with the current weights. */
  public Network trained() {
    List<Layer> left =
        layers.stream().map(LayerGradient::trained).filter(Objects::nonNull).toList();
    return new Network(left);
  }
}
