// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.rouse.model.onnx.ConstantFolding;
import io.github.rouse.model.onnx.Constants;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxNode;
import io.github.rouse.model.onnx.Tensor;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Cascade;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.LayerNorm;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Softmax;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a head: dense layers over a flattened window of embeddings, with layer normalisation as
 * PyTorch writes it. A second such classifier may confirm the first in an {@code If}.
 */
final class HeadReader {
  private static final int VALUES = 96; // of an embedding
  private static final List<String> NORM =
      List.of("ReduceMean", "Sub", "Pow", "ReduceMean", "Add", "Sqrt", "Div", "Mul", "Add");

  private final int window;
  private final Map<String, List<Layer>> layers = new HashMap<>(); // by tensor, from the input
  private final Map<String, OnnxNode> conditions = new HashMap<>(); // of an If

  private HeadReader(int window) {
    this.window = window;
  }

  /** The number of embeddings that a head reads; 0 if the graph is no head. */
  static int window(ModelProto model) {
    GraphProto graph = model.getGraph();
    if (graph.getInputCount() == 0 || graph.getOutputCount() == 0) {
      return 0;
    }
    List<Long> sizes = sizes(graph.getInput(0));
    boolean embeddings = sizes.size() == 3 && sizes.get(0) <= 1 && sizes.get(2) == VALUES;
    boolean flattened =
        graph.getNodeList().stream()
            .anyMatch(
                node ->
                    node.getOpType().equals("Flatten")
                        && node.getInputList().contains(graph.getInput(0).getName()));
    return embeddings && flattened ? (int) Math.min(Integer.MAX_VALUE, sizes.get(1)) : 0;
  }

  private static List<Long> sizes(ValueInfoProto input) {
    return input.getType().getTensorType().getShape().getDimList().stream()
        .map(Dimension::getDimValue)
        .collect(Collectors.toUnmodifiableList());
  }

  /** Reads the layers from the window of embeddings to the output. */
  static List<Layer> read(ModelProto model, int window, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    HeadReader reader = new HeadReader(window);
    reader.layers.put(graph.getInput(0).getName(), List.of());
    reader.trace(graph, new Constants(graph), path);
    return reader.output(graph, path);
  }

  private List<Layer> output(GraphProto graph, Path path) throws ModelFormatException {
    List<Layer> traced =
        graph.getOutputCount() == 1 ? layers.get(graph.getOutput(0).getName()) : null;
    if (traced == null || traced.isEmpty()) {
      throw new ModelFormatException(path, "output", "no layers lead to it");
    }
    return traced;
  }

  private void trace(GraphProto graph, Constants constants, Path path) throws ModelFormatException {
    List<OnnxNode> nodes = new ArrayList<>();
    OnnxNode node = null;
    try {
      for (NodeProto proto : graph.getNodeList()) {
        node = new OnnxNode(proto, constants);
        if (!ConstantFolding.fold(node)) {
          nodes.add(node);
        }
      }
      for (int i = 0; i < nodes.size(); i++) {
        node = nodes.get(i);
        if (isNorm(nodes, i)) {
          norm(nodes.subList(i, i + NORM.size()));
          i += NORM.size() - 1;
        } else if (node.op().equals("If")) {
          choose(node, constants, path);
        } else {
          trace(node);
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ModelFormatException(path, node.place(), e.getMessage(), e);
    }
  }

  private void trace(OnnxNode node) {
    String input = node.proto().getInput(0);
    if (conditions.containsKey(input) && node.op().equals("Cast")) {
      conditions.put(node.output(), conditions.get(input));
      return;
    }
    List<Layer> before = before(input);
    switch (node.op()) {
      case "Identity" -> layers.put(node.output(), before);
      case "Flatten" -> {
        if (!before.isEmpty()) {
          throw new IllegalArgumentException("supported only on the input");
        }
        node.expect("axis", node.integer("axis", 1), 1L);
        layers.put(node.output(), before);
      }
      case "Gemm" -> layers.put(node.output(), then(before, product(node, before.isEmpty())));
      case "Relu" -> activate(node, before, Activation.Function.RELU);
      case "Sigmoid" -> activate(node, before, Activation.Function.SIGMOID);
      case "Softmax" -> {
        node.expect("axis", Math.abs(node.integer("axis", -1)), 1L);
        layers.put(node.output(), then(before, new Softmax(width(before))));
      }
      case "LayerNormalization" -> {
        node.expect("axis", Math.abs(node.integer("axis", -1)), 1L);
        layers.put(
            node.output(),
            then(
                before,
                new LayerNorm(
                    node.weights(1, "scale").values(),
                    node.weights(2, "shift").values(),
                    node.single("epsilon", 1e-5f))));
      }
      case "GreaterOrEqual" -> conditions.put(node.output(), node);
      default ->
          throw new IllegalArgumentException(
              "not supported in an openWakeWord head; supported: Flatten, Gemm, Relu, Sigmoid,"
                  + " Softmax, layer normalisation, and an If");
    }
  }

  private List<Layer> before(String tensor) {
    List<Layer> before = layers.get(tensor);
    if (before == null) {
      throw new IllegalArgumentException("reads '" + tensor + "', which no layer gives");
    }
    return before;
  }

  private static List<Layer> then(List<Layer> before, Layer next) {
    if (!before.isEmpty() && next.inputs() != width(before)) {
      throw new IllegalArgumentException(
          "reads " + next.inputs() + " values, but its input has " + width(before));
    }
    List<Layer> all = new ArrayList<>(before);
    all.add(next);
    return List.copyOf(all);
  }

  private static int width(List<Layer> before) {
    if (before.isEmpty()) {
      throw new IllegalArgumentException("reads the embeddings, supported: Flatten, Gemm");
    }
    return before.get(before.size() - 1).outputs();
  }

  private void activate(OnnxNode node, List<Layer> before, Activation.Function function) {
    layers.put(node.output(), then(before, new Activation(function, width(before))));
  }

  /** Reads a product: the first is a convolution over the embeddings of the window. */
  private Layer product(OnnxNode node, boolean first) {
    node.expect("alpha", node.single("alpha", 1), 1f);
    node.expect("beta", node.single("beta", 1), 1f);
    node.expect("transA", node.integer("transA", 0), 0L);
    boolean transposed = node.integer("transB", 0) != 0;
    Tensor weights = node.weights(1, "weights");
    int[] dims = weights.dims();
    node.expect("axes of the weights", dims.length, 2);
    int inputs = dims[transposed ? 1 : 0];
    int outputs = dims[transposed ? 0 : 1];
    float[][] rows = transposed ? weights.columnsAsRows(0, outputs, inputs) : weights.rows(outputs);
    float[] bias =
        node.hasInput(2)
            ? node.weights(2, "bias").shaped("bias", outputs).values()
            : new float[outputs];
    if (!first) {
      return new Dense(rows, bias);
    }
    node.expect("rows of the weights", inputs, window * VALUES);
    return new Conv1d(rows, bias, window, 1, 0);
  }

  private static boolean isNorm(List<OnnxNode> nodes, int from) {
    return from + NORM.size() <= nodes.size()
        && NORM.equals(
            nodes.subList(from, from + NORM.size()).stream()
                .map(OnnxNode::op)
                .collect(Collectors.toUnmodifiableList()));
  }

  /** Reads layer normalisation as PyTorch writes it before opset 17. */
  private void norm(List<OnnxNode> nodes) {
    for (int mean : new int[] {0, 3}) {
      OnnxNode node = nodes.get(mean);
      node.expect("axes", node.integers("axes", List.of()), List.of(-1L));
      node.expect("keepdims", node.integer("keepdims", 1), 1L);
    }
    int[][] links = {{1, 1, 0}, {2, 0, 1}, {3, 0, 2}, {5, 0, 4}, {6, 0, 1}, {6, 1, 5}};
    for (int[] link : links) {
      reads(nodes.get(link[0]), link[1], nodes.get(link[2]));
    }
    String input = nodes.get(0).proto().getInput(0);
    nodes.get(1).expect("input", nodes.get(1).proto().getInput(0), input);
    nodes.get(2).expect("exponent", number(nodes.get(2), 1), 2f);
    float epsilon = number(nodes.get(4), other(nodes.get(4), nodes.get(3)));
    float[] scale = nodes.get(7).weights(other(nodes.get(7), nodes.get(6)), "scale").values();
    float[] shift = nodes.get(8).weights(other(nodes.get(8), nodes.get(7)), "shift").values();
    List<Layer> before = before(input);
    layers.put(nodes.get(8).output(), then(before, new LayerNorm(scale, shift, epsilon)));
  }

  private static void reads(OnnxNode node, int index, OnnxNode from) {
    node.expect("input " + index, node.proto().getInput(index), from.output());
  }

  /** The index of the input that another node does not give. */
  private static int other(OnnxNode node, OnnxNode from) {
    int constant = node.hasConstant(1) ? 1 : 0;
    reads(node, 1 - constant, from);
    return constant;
  }

  private static float number(OnnxNode node, int index) {
    float[] values = node.weights(index, "number").values();
    node.expect("numbers", values.length, 1);
    return values[0];
  }

  /** Reads an If whose condition is that the first classifier's output reaches a threshold. */
  private void choose(OnnxNode node, Constants constants, Path path) throws ModelFormatException {
    OnnxNode condition = conditions.get(node.proto().getInput(0));
    if (condition == null) {
      throw new IllegalArgumentException(
          "supported only where an output reaches a threshold: GreaterOrEqual");
    }
    float threshold = number(condition, 1);
    List<Layer> first = before(condition.proto().getInput(0));
    List<Layer> otherwise = branch(node.attribute("else_branch"), constants, path);
    if (otherwise != first) {
      throw new IllegalArgumentException("its else_branch gives another output than the condition");
    }
    List<Layer> second = branch(node.attribute("then_branch"), constants, path);
    Cascade cascade = new Cascade(new Network(first), new Network(second), threshold);
    layers.put(node.output(), List.of(cascade));
  }

  private List<Layer> branch(AttributeProto branch, Constants constants, Path path)
      throws ModelFormatException {
    if (branch == null || !branch.hasG()) {
      throw new IllegalArgumentException("has no such branch");
    }
    trace(branch.getG(), constants, path);
    return output(branch.getG(), path);
  }
}
