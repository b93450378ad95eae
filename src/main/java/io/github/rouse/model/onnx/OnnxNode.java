// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.stream.Collectors;

/** A node of a graph and the graph's constants. Errors are IllegalArgumentExceptions. */
public record OnnxNode(NodeProto proto, Constants constants) {

  /** The operator. */
  public String op() {
    return proto.getOpType();
  }

  /** The node's name and op, for messages. */
  public String place() {
    return place(proto);
  }

  public static String place(NodeProto proto) {
    String name = proto.getName().isEmpty() ? output(proto) : proto.getName();
    return "node '" + name + "' (op " + proto.getOpType() + ")";
  }

  /** The first output. */
  public String output() {
    return output(proto);
  }

  private static String output(NodeProto proto) {
    return proto.getOutputCount() == 0 ? "" : proto.getOutput(0);
  }

  /** Whether it has an input at an index. */
  public boolean hasInput(int index) {
    return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
  }

  /** Whether the input at an index is constant. */
  public boolean hasConstant(int index) {
    return hasInput(index) && constants.has(proto.getInput(index));
  }

  /** The weights at an input. */
  public Tensor weights(int index, String what) {
    try {
      Tensor weights = array(index).floats(proto.getInput(index));
      if (weights.values().length == 0) {
        throw new IllegalArgumentException("has no values");
      }
      return weights;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /** Reads integers that early opsets pass as an attribute and later ones as an input. */
  long[] integers(int index, String attribute) {
    AttributeProto old = attribute(attribute);
    if (old != null) {
      return longs(old.getIntsList());
    }
    try {
      return array(index).integers();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(attribute + ": " + e.getMessage(), e);
    }
  }

  /** The permutation of a Transpose; empty if it reverses the axes. */
  long[] permutation() {
    return longs(integers("perm", List.of()));
  }

  private static long[] longs(List<Long> integers) {
    return integers.stream().mapToLong(Long::longValue).toArray();
  }

  /** The constant at an input. */
  NdArray array(int index) {
    if (!hasConstant(index)) {
      throw new IllegalArgumentException(
          "input "
              + index
              + (hasInput(index) ? " '" + proto.getInput(index) + "'" : "")
              + " is not constant");
    }
    return constants.get(proto.getInput(index));
  }

  /** An attribute, or null. */
  public AttributeProto attribute(String name) {
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  /** An integer attribute. */
  public long integer(String name, long fallback) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? fallback : attribute.getI();
  }

  /** A float attribute. */
  public float single(String name, float fallback) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? fallback : attribute.getF();
  }

  String text(String name, String fallback) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? fallback : attribute.getS().toStringUtf8();
  }

  /** An attribute that lists integers. */
  public List<Long> integers(String name, List<Long> fallback) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? fallback : attribute.getIntsList();
  }

  List<String> texts(String name) {
    AttributeProto attribute = attribute(name);
    return attribute == null
        ? List.of()
        : attribute.getStringsList().stream()
            .map(ByteString::toStringUtf8)
            .collect(Collectors.toUnmodifiableList());
  }

  /** Rejects an attribute with an unsupported value. */
  public void expect(String name, Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(name + "=" + actual + ", supported: " + expected);
    }
  }
}
