package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;

/**
 * A node of a graph beside the constants it reads. What is wrong is an IllegalArgumentException.
 */
record OnnxNode(NodeProto proto, Map<String, TensorProto> constants) {

  String op() {
    return proto.getOpType();
  }

  /** The node's name and op, for a message. */
  String place() {
    String name = proto.getName().isEmpty() ? output() : proto.getName();
    return "node '" + name + "' (op " + op() + ")";
  }

  String output() {
    return proto.getOutputCount() == 0 ? "" : proto.getOutput(0);
  }

  boolean hasInput(int index) {
    return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
  }

  boolean hasConstant(int index) {
    return hasInput(index) && constants.containsKey(proto.getInput(index));
  }

  /** The weights at an input. */
  Tensor weights(int index, String what) {
    try {
      return Tensor.floats(constant(index, what));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /** What a node of constants gives; null where the first of its inputs is one by chance. */
  TensorProto constant() {
    switch (op()) {
      case "Constant" -> {
        AttributeProto value = attribute("value");
        if (value == null || !value.hasT()) {
          throw new IllegalArgumentException("has no tensor as its value");
        }
        return value.getT();
      }
      case "Cast" -> {
        expect("to", integer("to", 0), (long) TensorProto.DataType.FLOAT_VALUE);
        return Tensor.widened(constant(0, "weights"), output());
      }
      case "DequantizeLinear" -> {
        expect("zero point", hasInput(2), false);
        return Tensor.dequantized(
            constant(0, "weights"), weights(1, "scales"), integer("axis", 1), output());
      }
      default -> {
        return null;
      }
    }
  }

  /** The integers that opsets before 13 have as an attribute, later ones as an input. */
  long[] integers(int index, String attribute) {
    AttributeProto old = attribute(attribute);
    return old != null
        ? old.getIntsList().stream().mapToLong(Long::longValue).toArray()
        : Tensor.integers(constant(index, attribute));
  }

  private TensorProto constant(int index, String what) {
    TensorProto tensor = hasInput(index) ? constants.get(proto.getInput(index)) : null;
    if (tensor == null) {
      throw new IllegalArgumentException(what + " is no constant of the file");
    }
    return tensor;
  }

  AttributeProto attribute(String name) {
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  long integer(String name, long otherwise) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? otherwise : attribute.getI();
  }

  float single(String name, float otherwise) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? otherwise : attribute.getF();
  }

  String text(String name, String otherwise) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? otherwise : attribute.getS().toStringUtf8();
  }

  List<Long> integers(String name, List<Long> otherwise) {
    AttributeProto attribute = attribute(name);
    return attribute == null ? otherwise : attribute.getIntsList();
  }

  List<String> texts(String name) {
    AttributeProto attribute = attribute(name);
    return attribute == null
        ? List.of()
        : attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList();
  }

  /** Refuses an attribute that has another value than the one we know. */
  void expect(String name, Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(name + "=" + actual + ", supported: " + expected);
    }
  }
}
