package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The bytes of an ONNX file, and its graph as a straight chain of nodes. */
final class OnnxFile {
  /** Bytes of a file, or of the weights in a compressed one; a wake-word network has a few MiB. */
  static final long LARGEST = 64L << 20;

  private static final int MOST_FIELDS = 100_000; // in all messages; a network has some thousand
  private static final int DEEPEST = 100; // messages in messages, protobuf's own limit

  private OnnxFile() {}

  /** Parses a file without trusting it. */
  static ModelProto read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "", "is a folder, expected an ONNX file");
    }
    long size = Files.size(path);
    if (size == 0 || size > LARGEST) {
      String reason = size == 0 ? "is empty" : size + " bytes, expected at most " + LARGEST;
      throw new ModelFormatException(path, "", reason);
    }
    ModelProto model;
    try {
      byte[] bytes = Files.readAllBytes(path);
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      if (fields(in, ModelProto.getDescriptor(), DEEPEST) > MOST_FIELDS) {
        throw new ModelFormatException(path, "", "more than " + MOST_FIELDS + " fields");
      }
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelFormatException(path, "", "not an ONNX file, or cut short", e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new ModelFormatException(path, "", "not an ONNX model: it has no graph");
    }
    return model;
  }

  /**
   * Counts fields before any becomes an object: an empty message has two bytes in a file, but a
   * hundred in memory. Stops counting above the limit.
   */
  private static int fields(CodedInputStream in, Descriptor type, int depth) throws IOException {
    int count = 0;
    while (count <= MOST_FIELDS) {
      int tag = in.readTag();
      if (tag == 0) {
        break;
      }
      count++;
      int wire = WireFormat.getTagWireType(tag);
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (depth == 0
          || wire == WireFormat.WIRETYPE_START_GROUP
          || wire == WireFormat.WIRETYPE_END_GROUP) {
        throw new InvalidProtocolBufferException("nested too deeply, or in groups");
      }
      if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED
          && field != null
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        int outer = in.pushLimit(in.readRawVarint32());
        count += fields(in, field.getMessageType(), depth - 1);
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
    return count;
  }

  /** The input that is not one of the weights. */
  static ValueInfoProto input(GraphProto graph, Path path) throws ModelFormatException {
    Set<String> weights = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> weights.add(tensor.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !weights.contains(i.getName())).toList();
    if (inputs.size() != 1 || graph.getOutputCount() != 1) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "graph with %d inputs and %d outputs, expected one of each",
              inputs.size(), graph.getOutputCount()));
    }
    return inputs.get(0);
  }

  /** The nodes from the graph's input to its output, each reading what the one before gives. */
  static List<OnnxNode> chain(GraphProto graph, Path path) throws ModelFormatException {
    Map<String, TensorProto> constants = new HashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      constants.put(tensor.getName(), tensor);
    }
    Map<String, OnnxNode> readers = new HashMap<>(); // by the tensor that a node reads
    int expected = 0;
    long computed = 0; // bytes of constants that nodes make
    for (NodeProto proto : graph.getNodeList()) {
      OnnxNode node = new OnnxNode(proto, constants);
      TensorProto known = constant(node, path);
      if (known != null) {
        constants.put(node.output(), known);
        computed += known.getSerializedSize();
        if (computed > LARGEST) {
          throw new ModelFormatException(
              path, node.place(), "constants of more than " + LARGEST + " bytes");
        }
        continue;
      }
      expected++;
      for (String input : new HashSet<>(proto.getInputList())) {
        if (input.isEmpty() || constants.containsKey(input)) {
          continue;
        }
        OnnxNode other = readers.put(input, node);
        if (other != null) {
          throw new ModelFormatException(
              path, node.place(), "reads what " + other.place() + " reads; expected a chain");
        }
      }
    }
    List<OnnxNode> chain = new ArrayList<>();
    String last = graph.getOutput(0).getName();
    String current = input(graph, path).getName();
    while (!current.equals(last)) {
      OnnxNode node = readers.remove(current);
      if (node == null || chain.size() == expected) {
        throw new ModelFormatException(path, "tensor '" + current + "'", "leads to no output");
      }
      chain.add(node);
      current = node.output();
    }
    if (chain.size() != expected) {
      throw new ModelFormatException(
          path, "", (expected - chain.size()) + " nodes are not on the way from input to output");
    }
    return chain;
  }

  /** What a node without other inputs than constants gives; null for others. */
  private static TensorProto constant(OnnxNode node, Path path) throws ModelFormatException {
    try {
      return node.op().equals("Constant") || node.hasConstant(0) ? node.constant() : null;
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, node.place(), e.getMessage(), e);
    }
  }
}
