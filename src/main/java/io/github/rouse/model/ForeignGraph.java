package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Windowed;
import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
final class ForeignGraph implements Windowed.Classifier {
  private static final long LARGEST = 1 << 20; // values of a window and of all states

  private final ModelProto model;
  private final String place; // for messages
  private final String input;
  private final String output;
  private final long[] window; // shape
  private final List<String> stateOutputs = new ArrayList<>();
  private final Map<String, long[]> states = new LinkedHashMap<>(); // shapes by input
  private OrtSession session; // opened by the first stream

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

  private static int count(long[] sizes) {
    return (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /**
   * A graph as a network of one layer.
   *
   * @param stride frames from one window to the next; a streaming graph's windows do not overlap
   * @throws ModelFormatException if it is no such classifier
   */
  static Network network(ModelProto model, int stride, Path path) throws ModelFormatException {
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

  /** The graph that a network is run by; null for one of our own layers. */
  static ModelProto of(Network network) {
    return network.layers().get(0) instanceof Windowed w
            && w.classifier() instanceof ForeignGraph foreign
        ? foreign.model
        : null;
  }

  private synchronized OrtSession session() throws OrtException {
    if (session == null) {
      OrtSession opened = OnnxRuntime.session(model);
      session = opened;
      Sessions.CLEANER.register(this, () -> Sessions.close(opened));
    }
    return session;
  }

  /** Closes what no model uses any more. */
  private static final class Sessions {
    static final Cleaner CLEANER = Cleaner.create();

    private Sessions() {}

    static void close(OrtSession session) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e); // which a cleaner passes over
      }
    }
  }

  @Override
  public Windowed.Stream start() {
    Map<String, float[]> state = new LinkedHashMap<>();
    states.forEach((name, shape) -> state.put(name, new float[count(shape)]));
    return new Windowed.Stream() {
      @Override
      public void classify(float[] frames, float[] out) {
        try {
          run(frames, state, out);
        } catch (OrtException e) {
          throw new IllegalStateException(place + ": ONNX Runtime: " + e.getMessage(), e);
        }
      }

      @Override
      public void reset() {
        state.values().forEach(values -> Arrays.fill(values, 0));
      }
    };
  }

  private void run(float[] frames, Map<String, float[]> state, float[] out) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      inputs.put(input, tensor(frames, window));
      for (Map.Entry<String, float[]> one : state.entrySet()) {
        inputs.put(one.getKey(), tensor(one.getValue(), states.get(one.getKey())));
      }
      try (OrtSession.Result result = session().run(inputs)) {
        FloatBuffer given = floats(result, output, out.length);
        given.position(given.limit() - out.length).get(out); // the last step's, if there are more
        for (float posterior : out) {
          if (!(posterior >= 0 && posterior <= 1)) {
            throw new IllegalStateException(
                place + ": gives " + posterior + ", expected posteriors from 0 to 1");
          }
        }
        int next = 0;
        for (float[] values : state.values()) {
          floats(result, stateOutputs.get(next++), values.length).get(values);
        }
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(float[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(OnnxRuntime.environment(), FloatBuffer.wrap(values), shape);
  }

  /** At least as many values as expected: what a graph declares is no promise. */
  private FloatBuffer floats(OrtSession.Result result, String name, int least) {
    FloatBuffer floats =
        result.get(name).orElseThrow() instanceof OnnxTensor t ? t.getFloatBuffer() : null;
    if (floats == null || floats.remaining() < least) {
      throw new IllegalStateException(
          place + ": output '" + name + "' is not what the graph says, " + least + " floats");
    }
    return floats;
  }
}
