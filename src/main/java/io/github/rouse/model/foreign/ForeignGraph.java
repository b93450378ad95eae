package io.github.rouse.model.foreign;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxNode;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Windowed;
import java.io.IOException;
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
 * A graph that is no chain of ours, run by ONNX Runtime: a classifier of [1, window, bins], or a
 * streaming one, whose further inputs are states that its further outputs, in the same order, give
 * for the next window.
 */
public final class ForeignGraph implements Windowed.Classifier {
  private static final long LARGEST = 1 << 20; // values of a window and of all states

  private final ModelProto model;
  private final String place; // for messages
  private final String input;
  private final String output;
  private final long[] window; // shape
  private final List<String> stateOutputs = new ArrayList<>();
  private final Map<String, long[]> states = new LinkedHashMap<>(); // shapes by input
  private Windowed.Classifier classifier; // made for the first stream

  private ForeignGraph(ModelProto model, Path path) {
    this.model = model;
    place = path.toString();
    GraphProto graph = model.getGraph();
    Set<String> weights =
        graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !weights.contains(i.getName())).toList();
    if (inputs.isEmpty() || graph.getOutputCount() != inputs.size()) {
      throw new IllegalArgumentException(
          inputs.size()
              + " inputs and "
              + graph.getOutputCount()
              + " outputs, expected as many of one as of the other");
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0)) {
        throw new IllegalArgumentException(
            OnnxNode.place(node) + " has a graph of its own, which could run for ever");
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
                "input '%s' %s and output '%s' %s, expected a state of one shape",
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

  /** The sizes of a tensor's axes; the first may be any, and is taken for one. */
  private static long[] sizes(ValueInfoProto value) {
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
              + ", expected floats, and a number for every axis");
    }
    return sizes;
  }

  /** The values of a tensor of these sizes. */
  public static int count(long[] sizes) {
    return (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /**
   * A graph as a network of one layer.
   *
   * @param stride frames from one window to the next; a streaming graph's windows do not overlap
   * @throws ModelFormatException if it is no such classifier
   */
  public static Network network(ModelProto model, int stride, Path path) throws ModelFormatException {
    try {
      ForeignGraph graph = new ForeignGraph(model, path);
      long[] out = sizes(model.getGraph().getOutput(0));
      long parameters = 0;
      for (TensorProto tensor : model.getGraph().getInitializerList()) {
        if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE) { // a shape
          long most = Integer.MAX_VALUE; // told, not made: a file may declare what it likes
          parameters +=
              tensor.getDimsList().stream()
                  .reduce(1L, (a, b) -> Math.min(most, a * Math.max(0, Math.min(most, b))));
        }
      }
      int frames = (int) graph.window[1];
      return new Network(
          List.of(
              new Windowed(
                  (int) graph.window[2],
                  out.length == 0 ? 0 : (int) out[out.length - 1],
                  parameters,
                  frames,
                  graph.states.isEmpty() ? stride : frames,
                  graph)));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "graph", e.getMessage(), e);
    }
  }

  /**
   * Reads a classifier that is no chain of ours: it will be run by ONNX Runtime, which is tried.
   *
   * @param stride frames from one window to the next
   * @throws ModelFormatException if it is none of [1, frames, bins], or does not run
   */
  public static ImportedNetwork read(Path path, int stride) throws IOException {
    ModelProto model = OnnxFile.read(path);
    Network network = network(model, stride, path);
    try {
      network.forward(new float[network.firstStepFrames()][network.inputs()]);
    } catch (IllegalStateException e) {
      throw new ModelFormatException(path, "ONNX Runtime", e.getMessage(), e);
    }
    return new ImportedNetwork(network, OnnxReader.source(model, path));
  }

  /** Whether a file looks as if {@link #read} could read it; nothing of it is run. */
  public static boolean mayRead(Path path) throws IOException {
    try {
      network(OnnxFile.read(path), 1, path);
      return true;
    } catch (ModelFormatException e) {
      return false;
    }
  }

  /** The graph that a network is run by; null for one of our own layers. */
  public static ModelProto of(Network network) {
    return network.layers().get(0) instanceof Windowed w
            && w.classifier() instanceof ForeignGraph foreign
        ? foreign.model
        : null;
  }

  @Override
  public Windowed.Stream start() {
    return classifier().start();
  }

  private synchronized Windowed.Classifier classifier() {
    if (classifier == null) {
      classifier = GraphRuntime.installed().classifier(this);
    }
    return classifier;
  }

  /** The graph. */
  public ModelProto model() {
    return model;
  }

  /** The file it comes from, for messages. */
  public String place() {
    return place;
  }

  /** The input that takes a window. */
  public String input() {
    return input;
  }

  /** The output that gives posteriors. */
  public String output() {
    return output;
  }

  /** The shape of a window: [1, frames, bins]. */
  public long[] window() {
    return window.clone();
  }

  /** The shapes of the states, by the inputs that take them. */
  public Map<String, long[]> states() {
    return Collections.unmodifiableMap(states);
  }

  /** The outputs that give the states for the next window, in the inputs' order. */
  public List<String> stateOutputs() {
    return List.copyOf(stateOutputs);
  }
}
