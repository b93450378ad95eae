// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.SimpleRnn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a recurrent layer as an ONNX node; {@link RecurrentWeights} describes both layouts. */
public final class RecurrenceWriter {
  private RecurrenceWriter() {}

  /**
   * Adds the node of a recurrent layer, and nodes that bring its output back to one row per step.
   */
  static void write(Layer layer, String name, LayerNodes nodes) {
    check(layer);
    List<Layer> halves = halves(layer);
    List<RecurrentWeights> all =
        halves.stream().map(RecurrenceWriter::weights).collect(Collectors.toUnmodifiableList());
    int directions = all.size();
    int units = all.get(0).units();
    int width = all.get(0).width();
    List<String> inputs = new ArrayList<>();
    inputs.add(nodes.as(Layout.TIME_BATCH_VALUES, name));
    inputs.add(
        nodes.matrix(
            name + "_W",
            1,
            joined(all.stream().map(x -> columns(x.w())).collect(Collectors.toUnmodifiableList())),
            directions,
            width,
            all.get(0).w().length));
    inputs.add(
        nodes.matrix(
            name + "_R",
            1,
            joined(all.stream().map(x -> columns(x.r())).collect(Collectors.toUnmodifiableList())),
            directions,
            width,
            units));
    inputs.add(
        nodes.weights(
            name + "_B",
            joined(
                all.stream()
                    .map(x -> joined(List.of(x.wb(), x.rb())))
                    .collect(Collectors.toUnmodifiableList())),
            directions,
            2L * width));
    if (all.get(0).p().length > 0) {
      // sequence_lens, initial_h and initial_c: left out
      inputs.addAll(List.of("", "", ""));
      inputs.add(
          nodes.weights(
              name + "_P",
              joined(all.stream().map(x -> x.p()).collect(Collectors.toUnmodifiableList())),
              directions,
              3L * units));
    }
    nodes.recurrent(op(halves.get(0)), name, inputs, directions == 2, attributes(halves, units));
  }

  private static List<Layer> halves(Layer layer) {
    return layer instanceof Bidirectional b ? List.of(b.forward(), b.backward()) : List.of(layer);
  }

  /** Rejects a layer that no ONNX node can represent. */
  public static void check(Layer layer) {
    List<String> kinds =
        halves(layer).stream()
            .map(RecurrenceWriter::conventions)
            .collect(Collectors.toUnmodifiableList());
    if (kinds.stream().distinct().count() > 1) {
      throw new IllegalArgumentException(
          "ONNX has no node for a bidirectional layer with different halves: "
              + String.join(" and ", kinds));
    }
  }

  private static List<AttributeProto> attributes(List<Layer> halves, int units) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(GraphNodes.attribute("hidden_size", units));
    attributes.add(
        GraphNodes.attribute("direction", halves.size() == 1 ? "forward" : "bidirectional"));
    if (halves.get(0) instanceof Gru g) {
      int before = g.reset() == Gru.Reset.BEFORE ? 0 : 1;
      attributes.add(GraphNodes.attribute("linear_before_reset", before));
    }
    return attributes;
  }

  private static String op(Layer half) {
    return half instanceof Gru ? "GRU" : half instanceof Lstm ? "LSTM" : "RNN";
  }

  /** The settings that both halves of a bidirectional node share. */
  private static String conventions(Layer half) {
    String kind =
        half instanceof Gru g
            ? "reset " + g.reset()
            : half instanceof Lstm l && l.peepholes().length > 0 ? "with peepholes" : "plain";
    return op(half) + " of " + half.outputs() + " units, " + kind;
  }

  private static RecurrentWeights weights(Layer half) {
    if (half instanceof Gru g) {
      RecurrentWeights x =
          new RecurrentWeights(
              g.inputWeights(),
              g.recurrentWeights(),
              g.inputBias(),
              g.recurrentBias(),
              new float[0]);
      return g.reset() == Gru.Reset.NONE ? x.withGate() : x;
    } else if (half instanceof Lstm l) {
      return new RecurrentWeights(
          l.inputWeights(), l.recurrentWeights(), l.inputBias(), l.recurrentBias(), l.peepholes());
    }
    SimpleRnn r = (SimpleRnn) half;
    return new RecurrentWeights(
        r.inputWeights(), r.recurrentWeights(), r.inputBias(), r.recurrentBias(), new float[0]);
  }

  private static float[] columns(float[][] rows) {
    int width = rows[0].length;
    float[] columns = new float[width * rows.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < width; c++) {
        columns[c * rows.length + r] = rows[r][c];
      }
    }
    return columns;
  }

  private static float[] joined(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
