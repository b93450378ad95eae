// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

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

  /** Returns the current tensor in this layout, transposing it if necessary. */
  String as(Layout wanted, String before) {
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
