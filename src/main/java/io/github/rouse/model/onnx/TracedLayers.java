// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Cascade;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
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
 * @param part what the tensor holds of the layer's output
 */
record TracedLayers(
    TracedLayers before,
    Layer layer,
    Layout layout,
    int width,
    boolean lacksBias,
    int padding,
    Fragment part) {
  /** What a tensor holds of a layer's output. */
  enum Fragment {
    WHOLE,
    /** The forward direction of a bidirectional layer alone. */
    FORWARD,
    BACKWARD,
    /** The share of each step in attention pooling: the softmax of the scores. */
    SHARES,
    /** The steps times their shares, whose sum over time is attention pooling's output. */
    WEIGHTED
  }

  private static final int LONGEST_PADDING = 4096; // frames

  TracedLayers in(Layout other) {
    return new TracedLayers(
        before == null ? this : before, layer, other, width, false, padding, part);
  }

  TracedLayers padded(long frames) {
    if (frames < 0 || frames > LONGEST_PADDING - padding) {
      throw new IllegalArgumentException(
          frames + " frames of padding, expected up to " + LONGEST_PADDING + " in all");
    }
    int sum = (int) (padding + frames);
    return new TracedLayers(before == null ? this : before, layer, layout, width, false, sum, part);
  }

  TracedLayers then(Layer next) {
    if (pooling()) {
      throw new IllegalArgumentException("reads the middle of attention pooling");
    }
    if (part != Fragment.WHOLE) {
      throw new IllegalArgumentException("reads one direction of a bidirectional layer alone");
    }
    if (next.inputs() != width) {
      throw new IllegalArgumentException(
          "reads " + next.inputs() + " values, but its input has " + width);
    }
    return new TracedLayers(this, next, layout, next.outputs(), false, 0, Fragment.WHOLE);
  }

  /** With another layer in place of the last. */
  TracedLayers replaced(Layer other) {
    return new TracedLayers(before, other, layout, width, false, 0, part);
  }

  /**
   * Where this output reaches a threshold, another takes its place. Both come from one tensor.
   *
   * @param second from another chain of layers
   */
  TracedLayers cascade(TracedLayers second, float threshold) {
    expect(
        layout.equals(Layout.BATCH_TIME_VALUES) && second.layout.equals(layout),
        Layout.BATCH_TIME_VALUES.toString());
    List<Layer> ours = layers();
    List<Layer> theirs = second.layers();
    int common = 0;
    while (common < Math.min(ours.size(), theirs.size())
        && ours.get(common) == theirs.get(common)) {
      common++;
    }
    if (common == ours.size() || common == theirs.size()) {
      throw new IllegalArgumentException("chooses between an output and what it was made of");
    }
    TracedLayers from = this;
    while (from.layers().size() > common) {
      from = from.before;
    }
    if (!from.layout.equals(Layout.BATCH_TIME_VALUES)) {
      from = from.in(Layout.BATCH_TIME_VALUES);
    }
    return from.then(
        new Cascade(
            new Network(ours.subList(common, ours.size())),
            new Network(theirs.subList(common, theirs.size())),
            threshold));
  }

  TracedLayers lackingBias() {
    return new TracedLayers(before, layer, layout, width, true, padding, part);
  }

  /** Selects one direction of a bidirectional layer. */
  TracedLayers direction(Fragment which) {
    Layout one = new Layout(layout.axes().replace('D', 'N'));
    return new TracedLayers(before, layer, one, width / 2, false, padding, which);
  }

  /** Concatenates both directions again. */
  TracedLayers joined(TracedLayers backward, int axis) {
    if (layer == null
        || layer != backward.layer
        || part != Fragment.FORWARD
        || backward.part != Fragment.BACKWARD
        || !layout.equals(backward.layout)
        || layout.axes().charAt(axis) != 'C') {
      throw new IllegalArgumentException("concatenates anything but both directions of one layer");
    }
    return new TracedLayers(before, layer, layout, 2 * width, false, padding, Fragment.WHOLE);
  }

  /** Whether this is a tensor in the middle of attention pooling. */
  boolean pooling() {
    return part == Fragment.SHARES || part == Fragment.WEIGHTED;
  }

  /** Takes the softmax over an axis of attention pooling's scores, tanh(x W + b) v. */
  TracedLayers shares(int axis) {
    if (part != Fragment.WHOLE
        || !(layer instanceof Dense scores)
        || scores.outputs() != 1
        || !(before.layer instanceof Activation a && a.function() == Activation.Function.TANH)
        || !(before.before.layer instanceof Dense hidden)
        || layout.axes().charAt(axis) != 'T') {
      throw new IllegalArgumentException(
          "supported only over time, on the scores of attention pooling: tanh(x W + b) v");
    }
    // Adding the same to all scores leaves the shares as they are, so the bias of v drops out.
    float[] context = new float[scores.inputs()];
    for (int u = 0; u < context.length; u++) {
      context[u] = scores.weights()[u][0];
    }
    AttentionPooling pooling = new AttentionPooling(hidden.weights(), hidden.bias(), context);
    return new TracedLayers(before.before.before, pooling, layout, 1, false, 0, Fragment.SHARES);
  }

  /** Multiplies the steps that attention pooling reads by these shares. */
  TracedLayers times(TracedLayers steps) {
    if (steps.layer != before.layer
        || steps.part != Fragment.WHOLE
        || steps.padding + padding > 0
        || !steps.layout.axes().replace('C', 'N').equals(layout.axes().replace('C', 'N'))) {
      throw new IllegalArgumentException(
          "multiplies the shares of attention pooling by other steps than it reads");
    }
    return new TracedLayers(before, layer, steps.layout, steps.width, false, 0, Fragment.WEIGHTED);
  }

  /** Sums the weighted steps over an axis, to one step. */
  TracedLayers summed(int axis, boolean kept) {
    String axes = layout.axes();
    if (part != Fragment.WEIGHTED
        || axes.charAt(axis) != 'T'
        || !(kept || axes.indexOf('N') >= 0)) {
      throw new IllegalArgumentException(
          "supported only over time, on the weighted steps of attention pooling");
    }
    if (!kept) { // another axis of size one holds the step
      axes = new StringBuilder(axes).deleteCharAt(axis).toString().replaceFirst("N", "T");
    }
    return new TracedLayers(before, layer, new Layout(axes), width, false, 0, Fragment.WHOLE);
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
