package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** A chain of nodes under construction: each reads what the one before gives. */
final class LayerNodes {
  private final GraphProto.Builder graph;
  private final GraphNodes nodes;
  private final WeightType type;
  private String current; // the tensor that the next node reads
  private Layout layout = Layout.BATCH_TIME_VALUES; // and what its axes mean

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

  /** Adds a recurrent node, and what makes [time, 1, values] of its output. */
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

  /** The current tensor with its axes in this order, turned first if they are not. */
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

  /** Weights of a product, as the file is to hold them; outputs lie along {@code axis}. */
  String matrix(String name, int axis, float[] values, long... dims) {
    switch (type) {
      case FP16 -> {
        graph.addInitializer(Tensor.halves(name + "_fp16", values, dims));
        int floats = TensorProto.DataType.FLOAT_VALUE;
        nodes.node(name, "Cast", List.of(name + "_fp16"), GraphNodes.attribute("to", floats));
      }
      case INT8 -> {
        float[] scales = Tensor.scales(values, axis, dims);
        graph.addInitializer(Tensor.bytes(name + "_int8", values, scales, axis, dims));
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
