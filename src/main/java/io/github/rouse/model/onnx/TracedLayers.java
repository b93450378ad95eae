package io.github.rouse.model.onnx;

import io.github.rouse.nn.Layer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A tensor on a way from the input: the layers so far, and what its axes mean.
 *
 * @param before what the layer reads; null for the input
 * @param layer the last one; null for the input
 * @param width values per step, over both directions
 * @param lacksBias the layer is a product that an Add may complete
 * @param padding frames of zeros before the next convolution's first
 * @param half which direction of a bidirectional layer alone, 0 or 1; -1 for all of it
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
      throw new IllegalArgumentException("reads " + next.inputs() + " values, given " + width);
    }
    return new TracedLayers(this, next, layout, next.outputs(), false, 0, -1);
  }

  TracedLayers lackingBias() {
    return new TracedLayers(before, layer, layout, width, true, padding, half);
  }

  /** One direction of a bidirectional layer. */
  TracedLayers direction(int which) {
    Layout one = new Layout(layout.axes().replace('D', 'N'));
    return new TracedLayers(before, layer, one, width / 2, false, padding, which);
  }

  /** Both directions again, side by side. */
  TracedLayers joined(TracedLayers backward, int axis) {
    if (layer == null
        || layer != backward.layer
        || half != 0
        || backward.half != 1
        || !layout.equals(backward.layout)
        || layout.axes().charAt(axis) != 'C') {
      throw new IllegalArgumentException("joins other than both directions of one layer");
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
    for (TracedLayers flow = this; flow != null; flow = flow.before) {
      if (flow.layer != null) {
        layers.push(flow.layer);
      }
    }
    return List.copyOf(layers);
  }
}
