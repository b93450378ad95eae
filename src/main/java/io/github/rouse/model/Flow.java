package io.github.rouse.model;

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
 */
record Flow(Flow before, Layer layer, Layout layout, int width, boolean lacksBias, int padding) {
  private static final int LONGEST_PADDING = 4096; // frames

  Flow in(Layout other) {
    return new Flow(before == null ? this : before, layer, other, width, false, padding);
  }

  Flow padded(long frames) {
    if (frames < 0 || frames > LONGEST_PADDING - padding) {
      throw new IllegalArgumentException(
          frames + " frames of padding, expected up to " + LONGEST_PADDING + " in all");
    }
    int sum = (int) (padding + frames);
    return new Flow(before == null ? this : before, layer, layout, width, false, sum);
  }

  Flow then(Layer next) {
    if (next.inputs() != width) {
      throw new IllegalArgumentException("reads " + next.inputs() + " values, given " + width);
    }
    return new Flow(this, next, layout, next.outputs(), false, 0);
  }

  Flow lackingBias() {
    return new Flow(before, layer, layout, width, true, padding);
  }

  void expect(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("reads " + layout + ", expected " + expected);
    }
  }

  List<Layer> layers() {
    Deque<Layer> layers = new ArrayDeque<>();
    for (Flow flow = this; flow != null; flow = flow.before) {
      if (flow.layer != null) {
        layers.push(flow.layer);
      }
    }
    return List.copyOf(layers);
  }
}
