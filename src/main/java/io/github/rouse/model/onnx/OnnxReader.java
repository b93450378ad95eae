// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads an ONNX graph as a network: traces the chain of nodes from input to output, keeping track
 * of each tensor's axes. Values that depend at most on the input's shape are folded ({@link
 * ConstantFolding}); initial states are assumed to be zero.
 */
public final class OnnxReader {
  private static final Set<String> SUPPORTED =
      new TreeSet<>(
          Set.of(
              "Add",
              "BatchNormalization",
              "Cast",
              "Concat",
              "Conv",
              "Div",
              "Dropout",
              "GRU",
              "Gemm",
              "GreaterOrEqual",
              "Identity",
              "LSTM",
              "LayerNormalization",
              "LeakyRelu",
              "MatMul",
              "Max",
              "MaxPool",
              "Mul",
              "Pad",
              "RNN",
              "ReduceSum",
              "Relu",
              "Reshape",
              "Sigmoid",
              "Softmax",
              "Squeeze",
              "Sub",
              "Tanh",
              "Transpose",
              "Unsqueeze",
              "Where"));
  // Operators that keep a recurrent state of zeros at zero.
  private static final Set<String> STATE_KEEPING =
      Set.of(
          "Cast",
          "Concat",
          "Gather",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");
  private static final long MOST_PARAMETERS = 1 << 24;
  private static final String INPUT_EXPECTED =
      "expected floats of shape [1, frames, bins] with the number of bins";
  // The operators above mean the same in all these opsets.
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 22;

  private final Constants constants;
  private final Map<String, TracedLayers> tracedByName = new HashMap<>();
  private final Set<String> states = new HashSet<>(); // tensors of initial states, all zero
  private final Map<String, Reached> reached = new HashMap<>(); // conditions of cascades
  private long parameters; // of all layers so far

  /** Whether an output reaches a threshold. */
  private record Reached(String tensor, TracedLayers output, float threshold) {}

  private OnnxReader(GraphProto graph, Path path) throws ModelFormatException {
    constants = new Constants(graph);
    List<ValueInfoProto> inputs = inputs(graph, constants);
    if (inputs.isEmpty() || graph.getOutputCount() == 0) {
      throw new ModelFormatException(path, "", "graph without inputs or outputs");
    }
    tracedByName.put(inputs.get(0).getName(), input(inputs.get(0), path));
    inputs.stream().skip(1).forEach(state -> states.add(state.getName()));
  }

  /**
   * Reads the network of any ONNX file with supported operators, with or without {@code rouse.*}
   * metadata.
   *
   * @throws ModelFormatException if the graph is not supported
   */
  public static ImportedNetwork read(Path path) throws IOException {
    ModelProto model = OnnxFile.read(path);
    TracedLayers output = traceOutput(model, path);
    Network network = network(output, path);
    boolean logits = !(output.layer() instanceof Activation);
    if (logits) {
      List<Layer> layers = new ArrayList<>(network.layers());
      layers.add(new Activation(Activation.Function.SIGMOID, output.width()));
      network = new Network(layers);
    }
    return new ImportedNetwork(
        network, source(model, path) + (logits ? ", a sigmoid added at its end" : ""));
  }

  public static String source(ModelProto model, Path path) {
    String maker = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    return "imported from " + path.getFileName() + (maker.isEmpty() ? "" : " (" + maker + ")");
  }

  /**
   * Reads the network of a graph from [1, time, values] to [1, time, values], as Rouse writes them.
   */
  public static Network network(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    int inputs = inputs(graph, new Constants(graph)).size();
    if (inputs != 1 || graph.getOutputCount() != 1) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "graph with %d inputs and %d outputs, expected one of each",
              inputs, graph.getOutputCount()));
    }
    TracedLayers output = traceOutput(model, path);
    TracedLayers input = output;
    while (input.before() != null) {
      input = input.before();
    }
    if (!input.layout().equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    if (!output.layout().equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(
          path, "output", output.layout() + ", expected " + Layout.BATCH_TIME_VALUES);
    }
    return network(output, path);
  }

  private static Network network(TracedLayers output, Path path) throws ModelFormatException {
    try {
      return new Network(output.layers());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** Traces the graph up to its first output. */
  private static TracedLayers traceOutput(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    checkOpset(model, path);
    OnnxReader reader = new OnnxReader(graph, path);
    String name = graph.getOutput(0).getName();
    for (NodeProto proto : needed(graph, name)) {
      OnnxNode node = new OnnxNode(proto, reader.constants);
      try {
        checkOperator(proto);
        reader.traceNode(node);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(path, node.place(), e.getMessage(), e);
      }
    }
    TracedLayers output = reader.tracedByName.get(name);
    if (output == null) {
      throw new ModelFormatException(path, "output '" + name + "'", "no node computes it");
    }
    if (output.padding() > 0) {
      throw new ModelFormatException(path, "output", "is padded, supported only before a Conv");
    }
    if (output.pooling()) {
      throw new ModelFormatException(path, "output", "is the middle of attention pooling");
    }
    if (output.layout().isSplit() || output.part() != TracedLayers.Fragment.WHOLE) {
      throw new ModelFormatException(
          path, "output", output.layout() + ", expected values for every step");
    }
    return output;
  }

  /** The inputs that are not weights; old opsets list both. */
  private static List<ValueInfoProto> inputs(GraphProto graph, Constants constants) {
    return graph.getInputList().stream()
        .filter(i -> !constants.has(i.getName()))
        .collect(Collectors.toUnmodifiableList());
  }

  /** The nodes that an output depends on, in file order, which is topological. */
  private static List<NodeProto> needed(GraphProto graph, String output) {
    Set<String> tensors = new HashSet<>(Set.of(output));
    Deque<NodeProto> nodes = new ArrayDeque<>();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(tensors::contains)) {
        tensors.addAll(node.getInputList());
        nodes.push(node);
      }
    }
    return List.copyOf(nodes);
  }

  private static void checkOperator(NodeProto node) {
    if (!standard(node.getDomain())) {
      throw new IllegalArgumentException("domain=" + node.getDomain() + ", supported: ai.onnx");
    }
    if (!SUPPORTED.contains(node.getOpType())
        && !ConstantFolding.OPERATORS.contains(node.getOpType())) {
      throw new IllegalArgumentException(
          "not supported by Rouse; supported: " + String.join(", ", SUPPORTED));
    }
  }

  private static boolean standard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** Rejects unknown opsets, whose operators may differ. */
  private static void checkOpset(ModelProto model, Path path) throws ModelFormatException {
    List<Long> versions =
        model.getOpsetImportList().stream()
            .filter(opset -> standard(opset.getDomain()))
            .map(OperatorSetIdProto::getVersion)
            .distinct()
            .collect(Collectors.toUnmodifiableList());
    if (versions.size() != 1 || versions.get(0) < OLDEST_OPSET || versions.get(0) > NEWEST_OPSET) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "opset=%s, expected one of %d to %d", versions, OLDEST_OPSET, NEWEST_OPSET));
    }
  }

  /**
   * Infers the input's layout from its sizes: [1, frames, bins], [1, bins, frames] or [frames, 1,
   * bins].
   */
  private static TracedLayers input(ValueInfoProto input, Path path) throws ModelFormatException {
    TypeProto.Tensor type = input.getType().getTensorType();
    long[] sizes =
        type.getShape().getDimList().stream().mapToLong(Dimension::getDimValue).toArray();
    boolean floats =
        type.getElemType() == TensorProto.DataType.FLOAT_VALUE
            || type.getElemType() == TensorProto.DataType.FLOAT16_VALUE
            || type.getElemType() == TensorProto.DataType.BFLOAT16_VALUE;
    Layout layout = Layout.BATCH_TIME_VALUES;
    if (sizes.length == 3 && sizes[2] == 0 && sizes[1] > 0) {
      layout = Layout.BATCH_VALUES_TIME;
    } else if (sizes.length == 3 && sizes[0] != 1 && sizes[1] == 1) {
      layout = Layout.TIME_BATCH_VALUES;
    }
    long bins = sizes.length == 3 && floats ? sizes[layout.axes().indexOf('C')] : 0;
    if (bins < 1 || bins > 1 << 20) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    return new TracedLayers(null, null, layout, (int) bins, false, 0, TracedLayers.Fragment.WHOLE);
  }

  /** Traces a node's output: a constant, a state, or the output of a layer. */
  private void traceNode(OnnxNode node) {
    String output = node.output();
    if (tracedByName.containsKey(output) || states.contains(output) || constants.has(output)) {
      throw new IllegalArgumentException("output '" + output + "' is already defined");
    }
    if (ConstantFolding.fold(node)) {
      return;
    }
    if (STATE_KEEPING.contains(node.op()) && isState(node)) {
      states.addAll(node.proto().getOutputList());
      return;
    }
    if (node.op().equals("GreaterOrEqual")
        && node.hasConstant(1)
        && tracedByName.containsKey(node.proto().getInput(0))) {
      float threshold = node.weights(1, "threshold").shaped("threshold", 1).values()[0];
      String tensor = node.proto().getInput(0);
      reached.put(output, new Reached(tensor, tracedByName.get(tensor), threshold));
      return;
    }
    if (node.op().equals("Where")) {
      tracedByName.put(output, cascade(node));
      return;
    }
    if (node.proto().getInputCount() == 2) {
      TracedLayers first = tracedByName.get(node.proto().getInput(0));
      TracedLayers second = tracedByName.get(node.proto().getInput(1));
      TracedLayers both = first == null || second == null ? null : both(node, first, second);
      if (both != null) {
        tracedByName.put(output, both);
        return;
      }
    }
    boolean recurrent = Set.of("GRU", "LSTM", "RNN").contains(node.op());
    String tensor = null;
    for (int i = 0; i < node.proto().getInputCount(); i++) {
      String name = node.proto().getInput(i);
      if (!node.hasInput(i) || node.hasConstant(i) || (recurrent && states.contains(name))) {
        continue;
      }
      if (tensor != null
          || !tracedByName.containsKey(name)
          || (i > 0 && !LayerReader.CONSTANT_FIRST.contains(node.op()))) {
        throw new IllegalArgumentException(
            "reads '" + name + "', supported: one tensor computed from the first input");
      }
      tensor = name;
    }
    if (tensor == null) {
      throw new IllegalArgumentException("reads only states");
    }
    TracedLayers traced = tracedByName.get(tensor);
    if (node.op().equals("Shape")) {
      constants.put(
          node.output(), ConstantFolding.shape(node, traced.layout().shape(traced.width())));
      return;
    }
    TracedLayers next = LayerReader.read(node, traced);
    if (next.layer() != null && next.layer() != traced.layer()) {
      parameters += next.layer().parameters();
    }
    if (parameters > MOST_PARAMETERS) {
      throw new IllegalArgumentException("more than " + MOST_PARAMETERS + " parameters");
    }
    tracedByName.put(node.output(), next);
  }

  /** Reads a choice between an output that reaches a threshold and another. */
  private TracedLayers cascade(OnnxNode node) {
    node.expect("inputs", node.proto().getInputCount(), 3);
    Reached condition = reached.get(node.proto().getInput(0));
    TracedLayers second = tracedByName.get(node.proto().getInput(1));
    if (condition == null
        || second == null
        || !condition.tensor().equals(node.proto().getInput(2))) {
      throw new IllegalArgumentException(
          "supported only on constants, and to replace an output that reaches a threshold");
    }
    return condition.output().cascade(second, condition.threshold());
  }

  /** Applies a node to two traced tensors; null if it cannot read both. */
  private static TracedLayers both(OnnxNode node, TracedLayers first, TracedLayers second) {
    if (node.op().equals("Concat")) {
      return first.joined(second, first.layout().axis(node.integer("axis", 0)));
    } else if (node.op().equals("Mul") && first.part() == TracedLayers.Fragment.SHARES) {
      return first.times(second);
    } else if (node.op().equals("Mul") && second.part() == TracedLayers.Fragment.SHARES) {
      return second.times(first);
    }
    return null;
  }

  /** Whether the node's output is zero because its states are. */
  private boolean isState(OnnxNode node) {
    int joined = node.op().equals("Concat") ? node.proto().getInputCount() : 1;
    boolean some = false;
    for (int i = 0; i < node.proto().getInputCount(); i++) {
      if (i < joined && node.hasInput(i) && states.contains(node.proto().getInput(i))) {
        some = true;
      } else if (!node.hasConstant(i)
          || (i < joined && !Arrays.stream(node.array(i).values()).allMatch(v -> v == 0))) {
        return false;
      }
    }
    return some;
  }
}
