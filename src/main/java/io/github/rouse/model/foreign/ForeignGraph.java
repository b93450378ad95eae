// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.foreign;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.rouse.model.onnx.OnnxNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A third-party graph, run by ONNX Runtime: a classifier of windows [1, frames, bins]. A streaming
 * classifier has further inputs for its states and, in the same order, further outputs for the next
 * states.
 */
public final class ForeignGraph {
  private static final long LARGEST = 1 << 20; // values in a window, and in all states

  private final ModelProto model;
  private final String place; // for messages
  private final String input;
  private final String output;
  private final long[] window; // shape
  private final List<String> stateOutputs = new ArrayList<>();
  private final Map<String, long[]> states = new LinkedHashMap<>(); // shapes by input

  ForeignGraph(ModelProto model, Path path) {
    this.model = model;
    place = path.toString();
    GraphProto graph = model.getGraph();
    Set<String> weights =
        graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(i -> !weights.contains(i.getName()))
            .collect(Collectors.toUnmodifiableList());
    if (inputs.isEmpty() || graph.getOutputCount() != inputs.size()) {
      throw new IllegalArgumentException(
          inputs.size()
              + " inputs and "
              + graph.getOutputCount()
              + " outputs, expected the same number of each");
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0)) {
        throw new IllegalArgumentException(
            OnnxNode.place(node) + " contains a subgraph, which could loop forever");
      }
    }
    input = inputs.get(0).getName();
    output = graph.getOutput(0).getName();
    window = sizes(inputs.get(0));
    if (window.length != 3 || window[0] != 1) {
      throw new IllegalArgumentException(
          "'" + input + "' " + Arrays.toString(window) + ", expected [1, frames, bins]");
    }
    long values = 0;
    for (int i = 1; i < inputs.size(); i++) {
      long[] sizes = sizes(inputs.get(i));
      if (!Arrays.equals(sizes, sizes(graph.getOutput(i)))) {
        throw new IllegalArgumentException(
            String.format(
                "input '%s' %s and output '%s' %s, expected a state of the same shape",
                inputs.get(i).getName(),
                Arrays.toString(sizes),
                graph.getOutput(i).getName(),
                Arrays.toString(sizes(graph.getOutput(i)))));
      }
      values += count(sizes);
      if (values > LARGEST) {
        throw new IllegalArgumentException("states of more than " + LARGEST + " values");
      }
      states.put(inputs.get(i).getName(), sizes);
      stateOutputs.add(graph.getOutput(i).getName());
    }
  }

  /** The sizes of a tensor's axes; an unknown first axis counts as one. */
  static long[] sizes(ValueInfoProto value) {
    TypeProto.Tensor type = value.getType().getTensorType();
    long[] sizes =
        type.getShape().getDimList().stream().mapToLong(Dimension::getDimValue).toArray();
    if (sizes.length > 0 && sizes[0] == 0) {
      sizes[0] = 1;
    }
    long count = 1;
    for (long size : sizes) {
      count = size < 1 || size > LARGEST || count > LARGEST ? LARGEST + 1 : count * size;
    }
    if (count > LARGEST || type.getElemType() != TensorProto.DataType.FLOAT_VALUE) {
      throw new IllegalArgumentException(
          "'"
              + value.getName()
              + "' "
              + Arrays.toString(sizes)
              + ", expected floats and a fixed size for every axis");
    }
    return sizes;
  }

  /** The number of values in a tensor of these sizes. */
  public static int count(long[] sizes) {
    return (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /** The graph. */
  public ModelProto model() {
    return model;
  }

  /** The file's path, for messages. */
  public String place() {
    return place;
  }

  /** The name of the window input. */
  public String input() {
    return input;
  }

  /** The name of the posteriors output. */
  public String output() {
    return output;
  }

  /** The shape of a window: [1, frames, bins]. */
  public long[] window() {
    return window.clone();
  }

  /** The shapes of the states, by input name. */
  public Map<String, long[]> states() {
    return Collections.unmodifiableMap(states);
  }

  /** The names of the outputs that hold the next states, in the inputs' order. */
  public List<String> stateOutputs() {
    return List.copyOf(stateOutputs);
  }
}
