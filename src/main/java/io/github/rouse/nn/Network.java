// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.List;
import java.util.stream.Collectors;

/** A network from feature frames to posteriors: layers in order. Immutable and shared. */
public final class Network {
  private static final int LONGEST = 4096; // frames; a wake word lasts a few hundred

  private final List<Layer> layers;
  private final int stride; // frames
  private final int receptiveField; // frames
  private final int firstStepFrames;
  private List<Layer.Prepared> prepared; // null until the first stream starts
  private List<Network> parts; // of the last split, or null

  /**
   * Chains layers.
   *
   * @throws IllegalArgumentException if there are no layers, adjacent sizes do not match, or the
   *     receptive field or stride exceeds 4096 frames
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
    int receptiveField = 1; // frames that a step reads, including padding
    int padded = 0; // of these, padding at the first step
    for (Layer layer : layers) {
      receptiveField = frames("receptiveField", receptiveField + (layer.kernel() - 1L) * stride);
      padded = frames("padding", padded + (long) layer.padding() * stride);
      stride = frames("stride", (long) stride * layer.stride());
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

  /** The layers, in order. */
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

  /** Feature frames that one step reads. */
  public int receptiveField() {
    return receptiveField;
  }

  /** Feature frames needed for the first step of posteriors. */
  public int firstStepFrames() {
    return firstStepFrames;
  }

  /** The number of trained parameters in all layers. */
  public long parameters() {
    return layers.stream().mapToLong(Layer::parameters).sum();
  }

  /** The same function with each batch normalisation merged into a neighbour where possible. */
  public Network folded() {
    return new Network(Folding.fold(layers));
  }

  /** The number of layers at the beginning that equal those of another network. */
  public int layersLike(Network other) {
    int most = Math.min(layers.size(), other.layers.size());
    int alike = 0;
    while (alike < most && layers.get(alike).like(other.layers.get(alike))) {
      alike++;
    }
    return alike;
  }

  /** The networks before a layer and from it on. The last split is kept, to share its weights. */
  public synchronized List<Network> split(int layer) {
    if (parts == null || parts.get(0).layers.size() != layer) {
      Network before = new Network(layers.subList(0, layer));
      parts = List.of(before, new Network(layers.subList(layer, layers.size())));
    }
    return parts;
  }

  /**
   * Starts a stream.
   *
   * @throws IllegalArgumentException if a layer needs the whole clip
   */
  public NetworkState start() {
    return start(1);
  }

  /** Starts several streams, numbered from 0. */
  public NetworkState start(int streams) {
    return new NetworkState(layers, prepared(), streams);
  }

  private synchronized List<Layer.Prepared> prepared() {
    if (prepared == null) {
      prepared = layers.stream().map(Layer::prepare).collect(Collectors.toUnmodifiableList());
    }
    return prepared;
  }

  /** Whether this frame, counted from 1, completes a step of posteriors. */
  public boolean completes(long frame) {
    return frame >= firstStepFrames && (frame - firstStepFrames) % stride == 0;
  }

  /**
   * Computes the posteriors of a whole clip, bit for bit equal to those of a stream if the network
   * can stream.
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
