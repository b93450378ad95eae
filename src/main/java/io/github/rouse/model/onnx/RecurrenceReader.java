// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.SimpleRnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an ONNX RNN, GRU or LSTM node as a layer; {@link RecurrentWeights} describes both layouts.
 */
final class RecurrenceReader {
  private RecurrenceReader() {}

  static Layer read(OnnxNode node) {
    int gates =
        switch (node.op()) {
          case "GRU" -> 3;
          case "LSTM" -> 4;
          default -> 1;
        };
    String direction = node.text("direction", "forward");
    if (!direction.equals("forward") && !direction.equals("bidirectional")) {
      throw new IllegalArgumentException(
          "direction=" + direction + ", supported: forward, bidirectional");
    }
    int directions = direction.equals("forward") ? 1 : 2;
    checkConventions(node, directions);
    Tensor w = node.weights(1, "W");
    Tensor r = node.weights(2, "R");
    if (w.dims().length != 3 || r.dims().length != 3) {
      throw new IllegalArgumentException(
          "W has " + w.dims().length + " and R " + r.dims().length + " axes, expected 3");
    }
    int units = r.dims()[2];
    int inputs = w.dims()[2];
    int width = gates * units;
    node.expect("hidden_size", node.integer("hidden_size", units), (long) units);
    w.shaped("W", directions, width, inputs);
    r.shaped("R", directions, width, units);
    float[] b = vector(node, 3, "B", directions, 2 * width);
    float[] p = vector(node, 7, "P", directions, 3 * units);
    List<Layer> halves = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      halves.add(
          layer(
              node,
              new RecurrentWeights(
                  w.columnsAsRows(d * width, width, inputs),
                  r.columnsAsRows(d * width, width, units),
                  b == null ? new float[width] : part(b, 2 * d, width),
                  b == null ? new float[width] : part(b, 2 * d + 1, width),
                  p == null ? new float[0] : part(p, d, 3 * units))));
    }
    return directions == 1 ? halves.get(0) : new Bidirectional(halves.get(0), halves.get(1));
  }

  private static void checkConventions(OnnxNode node, int directions) {
    List<String> usual =
        switch (node.op()) {
          case "GRU" -> List.of("Sigmoid", "Tanh");
          case "LSTM" -> List.of("Sigmoid", "Tanh", "Tanh");
          default -> List.of("Tanh");
        };
    List<String> expected = new ArrayList<>(usual);
    if (directions == 2) {
      expected.addAll(usual);
    }
    List<String> activations = node.texts("activations");
    node.expect("activations", activations.isEmpty() ? expected : activations, expected);
    long layout = node.integer("layout", 0);
    if (layout != 0 && layout != 1) {
      throw new IllegalArgumentException("layout=" + layout + ", supported: 0, 1");
    }
    node.expect("input_forget", node.integer("input_forget", 0), 0L);
    if (node.attribute("clip") != null) {
      throw new IllegalArgumentException("clip is not supported");
    }
    if (node.hasInput(4)) {
      throw new IllegalArgumentException("sequence_lens is not supported");
    }
    for (int state = 5; state <= 6; state++) {
      if (node.hasConstant(state)) { // otherwise a graph input, taken as zero
        for (float value : node.weights(state, "initial state").values()) {
          node.expect("initial state", value, 0f);
        }
      }
    }
  }

  private static float[] vector(OnnxNode node, int input, String what, int directions, int length) {
    return node.hasInput(input)
        ? node.weights(input, what).shaped(what, directions, length).values()
        : null;
  }

  private static float[] part(float[] v, int index, int length) {
    return Arrays.copyOfRange(v, index * length, (index + 1) * length);
  }

  private static Layer layer(OnnxNode node, RecurrentWeights x) {
    return switch (node.op()) {
      case "GRU" ->
          x.hasOpenGate()
              ? gru(Gru.Reset.NONE, x.withoutGate())
              : gru(
                  node.integer("linear_before_reset", 0) == 0 ? Gru.Reset.BEFORE : Gru.Reset.AFTER,
                  x);
      case "LSTM" -> new Lstm(x.w(), x.r(), x.wb(), x.rb(), x.p());
      default -> new SimpleRnn(x.w(), x.r(), x.wb(), x.rb());
    };
  }

  private static Gru gru(Gru.Reset reset, RecurrentWeights x) {
    return new Gru(reset, x.w(), x.r(), x.wb(), x.rb());
  }
}
