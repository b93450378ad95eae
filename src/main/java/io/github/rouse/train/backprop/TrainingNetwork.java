package io.github.rouse.train.backprop;

import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A network in training: layers in order, forward and back. */
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
   * What the last layer gives for a batch: logits or posteriors.
   *
   * @param in [steps][clips][inputs]; must stay as it is until {@link #backward}
   * @param training false to do as the trained network will
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
   * Adds the gradient by each parameter.
   *
   * @param gradient of the loss by what {@link #forward} gave; overwritten
   */
  public void backward(SequenceBatch gradient) {
    SequenceBatch given = gradient;
    for (int i = layers.size() - 1; i >= 0; i--) {
      given = layers.get(i).backward(given, i > 0);
    }
  }

  /** What training changes, first layer first. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** What a saved network needs besides its parameters, in a fixed order; live, to be restored. */
  public List<float[]> statistics() {
    return layers.stream().flatMap(layer -> layer.statistics().stream()).toList();
  }

  /** Sets all gradients to zero, before the next batch adds to them. */
  public void clearGradients() {
    for (Parameter p : parameters) {
      Arrays.fill(p.gradient(), 0f);
    }
  }

  /** To all layers: {@link LayerGradient#carry}. */
  public void carry(boolean[] kept) {
    for (LayerGradient layer : layers) {
      layer.carry(kept);
    }
  }

  /** The network with the weights of now. */
  public Network trained() {
    List<Layer> left =
        layers.stream().map(LayerGradient::trained).filter(Objects::nonNull).toList();
    return new Network(left);
  }
}
