// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.function.Consumer;

/** Builds a chain of nodes, each reading the output of the previous one. */
final class LayerNodes {
  private final GraphProto.Builder graph;
  private final GraphNodes nodes;
  private final WeightType type;
  private String current; // the tensor that the next node reads
  private Layout layout = Layout.BATCH_TIME_VALUES; // of that tensor

  LayerNodes(GraphProto.Builder graph, String input, WeightType type) {
    this.graph = graph;
    nodes = new GraphNodes(graph);
    current = input;
    this.type = type;
  }

  /** The tensor that the next node reads. */
  String current() {
    return current;
  }

  /** Adds a recurrent node, and nodes that bring its output to [time, 1, values]. */
  void recurrent(
      String op, String name, List<String> inputs, boolean both, List<AttributeProto> attributes) {
    node(op, name, inputs, attributes.toArray(AttributeProto[]::new));
    if (both) {
      layout = new Layout("TDNC");
      as(new Layout("TNDC"), name + "_directions");
      String shape = nodes.integers("merged_shape", 0, 0, -1);
      node("Reshape", name + "_merge", List.of(current, shape));
    } else {
      String axis = nodes.integers("direction_axis", 1);
      node("Squeeze", name + "_squeeze", List.of(current, axis));
    }
    layout = Layout.TIME_BATCH_VALUES;
  }

  /** Returns the current tensor as layers in two dimensions read it. */
  String inBands(int bands, int values, String before) {
    if (layout.equals(Layout.BATCH_VALUES_TIME_BANDS)) {
      return current;
    }
    as(Layout.BATCH_TIME_VALUES, before);
    if (bands == values) {
      String axis = nodes.integers("channel_axis", 1);
      node("Unsqueeze", before + "_channel", List.of(current, axis));
      layout = Layout.BATCH_VALUES_TIME_BANDS;
      return current;
    }
    String shape = nodes.integers(before + "_shape", 0, 0, bands, values / bands);
    node("Reshape", before + "_bands", List.of(current, shape));
    layout = new Layout("NTFC");
    return as(Layout.BATCH_VALUES_TIME_BANDS, before + "_bands");
  }

  /** Returns the current tensor in this layout, transposing it if necessary. */
  String as(Layout wanted, String before) {
    if (layout.equals(Layout.BATCH_VALUES_TIME_BANDS) && !wanted.axes().contains("F")) {
      as(new Layout("NTFC"), before + "_join");
      String shape = nodes.integers("joined_shape", 0, 0, -1);
      node("Reshape", before + "_join", List.of(current, shape));
      layout = Layout.BATCH_TIME_VALUES;
    }
    if (!layout.equals(wanted)) {
      String name = before + "_transpose";
      node(
          "Transpose",
          name,
          List.of(current),
          GraphNodes.attribute("perm", layout.permutationTo(wanted)));
      layout = wanted;
    }
    return current;
  }

  /**
   * Adds two chains of nodes that read the same tensor, and nodes that choose between their
   * outputs.
   *
   * @param threshold from which the first output is replaced by the second
   */
  void cascade(
      String input,
      String name,
      float threshold,
      Consumer<LayerNodes> first,
      Consumer<LayerNodes> second) {
    LayerNodes one = new LayerNodes(graph, input, type);
    first.accept(one);
    String given = one.as(Layout.BATCH_TIME_VALUES, name + "_first");
    LayerNodes other = new LayerNodes(graph, input, type);
    second.accept(other);
    String instead = other.as(Layout.BATCH_TIME_VALUES, name + "_second");
    String limit = nodes.floats(name + "_threshold", new float[] {threshold}, 1);
    String reached = nodes.node(name + "_reached", "GreaterOrEqual", List.of(given, limit));
    node("Where", name, List.of(reached, instead, given));
    layout = Layout.BATCH_TIME_VALUES;
  }

  void node(String op, String name, List<String> inputs, AttributeProto... attributes) {
    current = nodes.node(name, op, inputs, attributes);
  }

  String weights(String name, float[] values, long... dims) {
    return nodes.floats(name, values, dims);
  }

  String integers(String name, long... values) {
    return nodes.integers(name, values);
  }

  /** Adds the weights of a product in the file's weight type; outputs lie along {@code axis}. */
  String matrix(String name, int axis, float[] values, long... dims) {
    switch (type) {
      case FP16 -> {
        graph.addInitializer(TensorWriter.halves(name + "_fp16", values, dims));
        int floats = TensorProto.DataType.FLOAT_VALUE;
        nodes.node(name, "Cast", List.of(name + "_fp16"), GraphNodes.attribute("to", floats));
      }
      case INT8 -> {
        float[] scales = TensorWriter.scales(values, axis, dims);
        graph.addInitializer(TensorWriter.bytes(name + "_int8", values, scales, axis, dims));
        nodes.node(
            name,
            "DequantizeLinear",
            List.of(name + "_int8", weights(name + "_scale", scales, scales.length)),
            GraphNodes.attribute("axis", axis));
      }
      default -> weights(name, values, dims);
    }
    return name;
  }
}
