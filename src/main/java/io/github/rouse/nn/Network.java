package io.github.rouse.nn;

import java.util.List;

/** A network from feature frames to posteriors: layers in order. Immutable and shared. */
public final class Network {
  private static final int LONGEST = 4096; // frames; a wake word lasts some hundred

  private final List<Layer> layers;
  private final int stride; // frames
  private final int receptiveField; // frames
  private final int firstStepFrames;
  private List<Layer.Prepared> prepared; // once a stream is started

  /**
   * A network of these layers.
   *
   * @throws IllegalArgumentException if there are none, one does not fit the one before, or the
   *     convolutions together reach over or skip more than 4096 frames
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
    int stride = 1;
    int receptiveField =
        1; // frames that a step reads through the convolutions, zeros before them included
    int padded = 0; // frames of these that are zeros at the first step
    for (Layer layer : layers) {
      if (layer instanceof Conv1d conv) {
        receptiveField = frames("receptiveField", receptiveField + (conv.kernel() - 1L) * stride);
        padded += conv.padding() * stride;
        stride = frames("stride", (long) stride * conv.stride());
      } else if (layer instanceof Windowed w) {
        receptiveField = frames("receptiveField", receptiveField + (w.window() - 1L) * stride);
        stride = frames("stride", (long) stride * w.stride());
      }
    }
    this.stride = stride;
    this.receptiveField = receptiveField;
    this.firstStepFrames = receptiveField - padded;
  }

  private static int frames(String name, long value) {
    if (value > LONGEST) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected at most " + LONGEST + " frames");
    }
    return (int) value;
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
    return stride;
  }

  /** Feature frames that a step reads through convolutions and windows. */
  public int receptiveField() {
    return receptiveField;
  }

  /** Feature frames the first step of posteriors waits for. */
  public int firstStepFrames() {
    return firstStepFrames;
  }

  /** Trained numbers in all layers. */
  public long parameters() {
    return layers.stream().mapToLong(Layer::parameters).sum();
  }

  /** The same function with every batch normalisation merged into a neighbour where it can be. */
  public Network folded() {
    return new Network(Folding.fold(layers));
  }

  /**
   * A fresh stream through this network.
   *
   * @throws IllegalArgumentException if a layer needs the whole clip
   */
  public NetworkState start() {
    return start(1);
  }

  /** Fresh streams through this network, numbered from 0, as {@link #start()}. */
  public NetworkState start(int streams) {
    return new NetworkState(layers, prepared(), streams);
  }

  private synchronized List<Layer.Prepared> prepared() {
    if (prepared == null) {
      prepared = layers.stream().map(Layer::prepare).toList();
    }
    return prepared;
  }

  /** Whether a step of posteriors comes out with a frame, counted from 1. */
  public boolean completes(long frame) {
    return frame >= firstStepFrames && (frame - firstStepFrames) % stride == 0;
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
      values = layer.forward(values);
    }
    return values;
  }
}
