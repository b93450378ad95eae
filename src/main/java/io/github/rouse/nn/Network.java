package io.github.rouse.nn;

import java.util.ArrayList;
import java.util.List;

/** A network from feature frames to posteriors: layers in order. Immutable and shared. */
public final class Network {
  private final List<Layer> layers;

  /**
   * A network of these layers.
   *
   * @throws IllegalArgumentException if there are none, or one does not fit the one before
   */
  public Network(List<Layer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers=[], expected at least one");
    }
    for (int i = 1; i < layers.size(); i++) {
      int given = layers.get(i - 1).outputs();
      if (layers.get(i).inputs() != given) {
        throw new IllegalArgumentException(
            String.format(
                "layers[%d].inputs=%d, but layer %d gives %d",
                i, layers.get(i).inputs(), i - 1, given));
      }
    }
    this.layers = List.copyOf(layers);
  }

  /** The layers, first to last. */
  public List<Layer> layers() {
    return layers;
  }

  /** Values per feature frame. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Posteriors per step. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** Feature frames from one step of posteriors to the next. */
  public int stride() {
    int stride = 1;
    for (Layer layer : layers) {
      stride *= layer instanceof Conv1d conv ? conv.stride() : 1;
    }
    return stride;
  }

  /** Feature frames the first step of posteriors waits for. */
  public int firstStepFrames() {
    int frames = 1;
    int stride = 1;
    for (Layer layer : layers) {
      if (layer instanceof Conv1d conv) {
        frames += (conv.kernel() - conv.padding() - 1) * stride;
        stride *= conv.stride();
      }
    }
    return frames;
  }

  /** Trained numbers in all layers. */
  public long parameters() {
    return layers.stream().mapToLong(Network::parameters).sum();
  }

  /** Trained numbers in one layer. */
  public static long parameters(Layer layer) {
    if (layer instanceof Conv1d c) {
      return size(c.weights()) + c.bias().length;
    } else if (layer instanceof BatchNorm b) {
      return 4L * b.gamma().length;
    } else if (layer instanceof Dense d) {
      return size(d.weights()) + d.bias().length;
    } else if (layer instanceof SimpleRnn r) {
      return size(r.inputWeights()) + size(r.recurrentWeights()) + 2L * r.inputBias().length;
    } else if (layer instanceof Gru g) {
      return size(g.inputWeights()) + size(g.recurrentWeights()) + 2L * g.inputBias().length;
    } else if (layer instanceof Lstm l) {
      long biases = 2L * l.inputBias().length + l.peepholes().length;
      return size(l.inputWeights()) + size(l.recurrentWeights()) + biases;
    } else if (layer instanceof Bidirectional b) {
      return parameters(b.forward()) + parameters(b.backward());
    } else if (layer instanceof AttentionPooling a) {
      return size(a.weights()) + 2L * a.bias().length;
    }
    return 0;
  }

  private static long size(float[][] w) {
    return (long) w.length * w[0].length;
  }

  /** The same function with every batch normalisation merged into a neighbour where it can be. */
  public Network folded() {
    return Folding.fold(this);
  }

  /**
   * A fresh stream through this network.
   *
   * @throws IllegalArgumentException if a layer needs the whole clip
   */
  public NetworkState start() {
    return new NetworkState(this);
  }

  /**
   * The posteriors of a whole clip, equal bit for bit to those of a stream where the network can
   * stream.
   *
   * @param frames [frames][inputs]
   * @return [steps][outputs]
   */
  public float[][] forward(float[][] frames) {
    float[][] values = frames;
    for (Layer layer : layers) {
      values = forward(layer, values);
    }
    return values;
  }

  private static float[][] forward(Layer layer, float[][] in) {
    if (layer instanceof Bidirectional b) {
      return b.forward(in);
    } else if (layer instanceof AttentionPooling a) {
      return a.forward(in);
    }
    Layer.Step step = layer.start();
    List<float[]> out = new ArrayList<>();
    float[] next = new float[layer.outputs()];
    for (float[] values : in) {
      if (step.step(values, next)) {
        out.add(next);
        next = new float[layer.outputs()];
      }
    }
    return out.toArray(float[][]::new);
  }
}
