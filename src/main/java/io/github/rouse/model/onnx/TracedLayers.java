// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import io.github.rouse.nn.Layer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A tensor on the path from the input: the layers so far and its layout.
 *
 * @param before the tensor that the layer reads; null for the input
 * @param layer the last layer; null for the input
 * @param width values per step, over both directions
 * @param lacksBias whether the layer is a product whose bias may follow in an Add
 * @param padding frames of zeros that the next convolution reads first
 * @param half the direction taken from a bidirectional layer, 0 or 1; -1 for both
 */
record TracedLayers(
    TracedLayers before,
    Layer layer,
    Layout layout,
    int width,
    boolean lacksBias,
    int padding,
    int half) {
  private static final int LONGEST_PADDING = 4096; // frames

  TracedLayers in(Layout other) {
    return new TracedLayers(
        before == null ? this : before, layer, other, width, false, padding, half);
  }

  TracedLayers padded(long frames) {
    if (frames < 0 || frames > LONGEST_PADDING - padding) {
      throw new IllegalArgumentException(
          frames + " frames of padding, expected up to " + LONGEST_PADDING + " in all");
    }
    int sum = (int) (padding + frames);
    return new TracedLayers(before == null ? this : before, layer, layout, width, false, sum, half);
  }

  TracedLayers then(Layer next) {
    if (half >= 0) {
      throw new IllegalArgumentException("reads one direction of a bidirectional layer alone");
    }
    if (next.inputs() != width) {
      throw new IllegalArgumentException(
          "reads " + next.inputs() + " values, but its input has " + width);
    }
    return new TracedLayers(this, next, layout, next.outputs(), false, 0, -1);
  }

  TracedLayers lackingBias() {
    return new TracedLayers(before, layer, layout, width, true, padding, half);
  }

  /** Selects one direction of a bidirectional layer. */
  TracedLayers direction(int which) {
    Layout one = new Layout(layout.axes().replace('D', 'N'));
    return new TracedLayers(before, layer, one, width / 2, false, padding, which);
  }

  /** Concatenates both directions again. */
  TracedLayers joined(TracedLayers backward, int axis) {
    if (layer == null
        || layer != backward.layer
        || half != 0
        || backward.half != 1
        || !layout.equals(backward.layout)
        || layout.axes().charAt(axis) != 'C') {
      throw new IllegalArgumentException("concatenates anything but both directions of one layer");
    }
    return new TracedLayers(before, layer, layout, 2 * width, false, padding, -1);
  }

  void expect(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("reads " + layout + ", expected " + expected);
    }
  }

  List<Layer> layers() {
    Deque<Layer> layers = new ArrayDeque<>();
    for (TracedLayers traced = this; traced != null; traced = traced.before) {
      if (traced.layer != null) {
        layers.push(traced.layer);
      }
    }
    return List.copyOf(layers);
  }
}
