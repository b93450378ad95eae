// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Adds nodes, constants, inputs and outputs to a graph, by name. */
public final class GraphNodes {
  public final GraphProto.Builder graph;

  public GraphNodes(GraphProto.Builder graph) {
    this.graph = graph;
  }

  /** Adds a node with one output; returns its name, which both share. */
  public String node(String name, String op, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name)
            .addAllAttribute(Arrays.asList(attributes)));
    return name;
  }

  /** Adds a constant, once per name. */
  public String floats(String name, float[] values, long... dims) {
    return constant(TensorWriter.floats(name, values, dims));
  }

  /** Adds a scalar constant, once per name. */
  public String number(String name, double value) {
    return floats(name, new float[] {(float) value});
  }

  /** Adds a constant, once per name. */
  public String integers(String name, long... values) {
    return constant(TensorWriter.integers(name, values));
  }

  private String constant(TensorProto tensor) {
    if (graph.getInitializerList().stream().noneMatch(t -> t.getName().equals(tensor.getName()))) {
      graph.addInitializer(tensor);
    }
    return tensor.getName();
  }

  /** Adds a slice along an axis; {@code Long.MAX_VALUE} means to the end. */
  public String slice(String name, String of, int axis, long from, long to) {
    return node(
        name,
        "Slice",
        List.of(
            of,
            integers("from_" + from, from),
            integers(to == Long.MAX_VALUE ? "to_end" : "to_" + to, to),
            integers("axis_" + axis, axis)));
  }

  public String input(String name, Object... dims) {
    graph.addInput(value(name, dims));
    return name;
  }

  public String output(String name, Object... dims) {
    graph.addOutput(value(name, dims));
    return name;
  }

  /** Describes a float tensor; each dimension is a number, or a name if variable. */
  public static ValueInfoProto value(String name, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      if (dim instanceof Number size) {
        shape.addDimBuilder().setDimValue(size.longValue());
      } else {
        shape.addDimBuilder().setDimParam(dim.toString());
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  public static AttributeProto attribute(String name, long value) {
    return named(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  public static AttributeProto attribute(String name, String value) {
    return named(name, AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static AttributeProto attribute(String name, float value) {
    return named(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  public static AttributeProto attribute(String name, long[] values) {
    return named(name, AttributeProto.AttributeType.INTS)
        .addAllInts(Arrays.stream(values).boxed().collect(Collectors.toUnmodifiableList()))
        .build();
  }

  public static AttributeProto attribute(String name, GraphProto.Builder body) {
    return named(name, AttributeProto.AttributeType.GRAPH).setG(body).build();
  }

  private static AttributeProto.Builder named(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
