package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * An ONNX graph as a network: the chain of nodes from input to output, followed with an eye on what
 * the axes mean at each place. Whatever does not depend on the input but on its shape is computed
 * beforehand ({@link ConstantFolding}); states that come in are taken for zeros.
 */
public final class OnnxReader {
  private static final Set<String> SUPPORTED =
      new TreeSet<>(
          Set.of(
              "Add",
              "BatchNormalization",
              "Cast",
              "Conv",
              "Div",
              "Dropout",
              "GRU",
              "Gemm",
              "Identity",
              "LSTM",
              "MatMul",
              "Mul",
              "Pad",
              "RNN",
              "Relu",
              "Reshape",
              "Sigmoid",
              "Squeeze",
              "Sub",
              "Tanh",
              "Transpose",
              "Unsqueeze"));
  // What may be done to a recurrent state of zeros before it is used.
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
  private static final Set<String> TWO_SIDED = new TreeSet<>(Set.of("Add", "Mul", "Sub", "Div"));
  private static final Set<String> LAYOUT_ONLY =
      Set.of("Cast", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
  private static final int LONGEST_PADDING = 4096; // frames
  private static final int LONGEST_KERNEL = 4096; // frames
  private static final long MOST_PARAMETERS = 1 << 24;
  private static final String INPUT_EXPECTED =
      "expected floats of shape [1, frames, bins] with the number of bins";
  // The operators above mean the same in all of these.
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 22;

  /**
   * A tensor on a way from the input: the layers so far, and what its axes mean.
   *
   * @param before what the layer reads; null for the input
   * @param layer the last one; null for the input
   * @param width values per step, over both directions
   * @param lacksBias the layer is a product that an Add may complete
   * @param padding frames of zeros before the next convolution's first
   */
  private record Flow(
      Flow before, Layer layer, Layout layout, int width, boolean lacksBias, int padding) {

    Flow in(Layout other) {
      return new Flow(before == null ? this : before, layer, other, width, false, padding);
    }

    Flow padded(long frames) {
      if (frames < 0 || padding + frames > LONGEST_PADDING) {
        throw new IllegalArgumentException(
            padding + frames + " frames of padding, expected at most " + LONGEST_PADDING);
      }
      int sum = (int) (padding + frames);
      return new Flow(before == null ? this : before, layer, layout, width, false, sum);
    }

    Flow then(Layer next) {
      if (next.inputs() != width) {
        throw new IllegalArgumentException("reads " + next.inputs() + " values, given " + width);
      }
      return new Flow(this, next, layout, next.outputs(), false, 0);
    }

    Flow lackingBias() {
      return new Flow(before, layer, layout, width, true, padding);
    }

    void expect(boolean holds, String expected) {
      if (!holds) {
        throw new IllegalArgumentException("reads " + layout + ", expected " + expected);
      }
    }

    List<Layer> layers() {
      Deque<Layer> layers = new ArrayDeque<>();
      for (Flow flow = this; flow != null; flow = flow.before) {
        if (flow.layer != null) {
          layers.push(flow.layer);
        }
      }
      return List.copyOf(layers);
    }
  }

  private final ConstantFolding constants;
  private final Map<String, Flow> flows = new HashMap<>();
  private final Set<String> states = new HashSet<>(); // that start at zeros, and parts of them
  private long parameters; // of all layers made

  private OnnxReader(GraphProto graph, Path path) throws ModelFormatException {
    constants = new ConstantFolding(graph);
    List<ValueInfoProto> inputs = inputs(graph, constants);
    if (inputs.isEmpty() || graph.getOutputCount() == 0) {
      throw new ModelFormatException(path, "", "graph without inputs or outputs");
    }
    flows.put(inputs.get(0).getName(), input(inputs.get(0), path));
    inputs.stream().skip(1).forEach(state -> states.add(state.getName()));
  }

  /**
   * Reads the network of any ONNX file of these operations, with or without {@code rouse.*}
   * metadata.
   *
   * @throws ModelFormatException if the file is no such graph
   */
  public static Imported read(Path path) throws IOException {
    ModelProto model = OnnxFile.read(path);
    Flow output = followed(model, path);
    Network network = network(output, path);
    boolean logits = !(output.layer instanceof Activation);
    if (logits) {
      List<Layer> layers = new ArrayList<>(network.layers());
      layers.add(new Activation(Activation.Function.SIGMOID, output.width));
      network = new Network(layers);
    }
    return new Imported(
        network, source(model, path) + (logits ? ", a sigmoid added at its end" : ""));
  }

  /**
   * Reads a classifier that is no chain of ours: it will be run by ONNX Runtime, which is tried.
   *
   * @param stride frames from one window to the next
   * @throws ModelFormatException if it is none of [1, frames, bins], or does not run
   */
  public static Imported readForeign(Path path, int stride) throws IOException {
    ModelProto model = OnnxFile.read(path);
    Network network = ForeignGraph.network(model, stride, path);
    try {
      network.forward(new float[network.firstStepFrames()][network.inputs()]);
    } catch (IllegalStateException e) {
      throw new ModelFormatException(path, "ONNX Runtime", e.getMessage(), e);
    }
    return new Imported(network, source(model, path));
  }

  private static String source(ModelProto model, Path path) {
    String maker = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    return "imported from " + path.getFileName() + (maker.isEmpty() ? "" : " (" + maker + ")");
  }

  /** The network of a graph that reads and gives [1, time, values], as all of Rouse's do. */
  static Network network(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    int inputs = inputs(graph, new ConstantFolding(graph)).size();
    if (inputs != 1 || graph.getOutputCount() != 1) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "graph with %d inputs and %d outputs, expected one of each",
              inputs, graph.getOutputCount()));
    }
    Flow output = followed(model, path);
    Flow input = output;
    while (input.before != null) {
      input = input.before;
    }
    if (!input.layout.equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    if (!output.layout.equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(
          path, "output", output.layout + ", expected " + Layout.BATCH_TIME_VALUES);
    }
    return network(output, path);
  }

  private static Network network(Flow output, Path path) throws ModelFormatException {
    try {
      return new Network(output.layers());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** The way to the first output. */
  private static Flow followed(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    checkOpset(model, path);
    OnnxReader reader = new OnnxReader(graph, path);
    String name = graph.getOutput(0).getName();
    for (NodeProto proto : needed(graph, name)) {
      OnnxNode node = new OnnxNode(proto, reader.constants);
      try {
        checkOperator(proto);
        reader.follow(node);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(path, node.place(), e.getMessage(), e);
      }
    }
    Flow output = reader.flows.get(name);
    if (output == null) {
      throw new ModelFormatException(path, "output '" + name + "'", "no node gives it");
    }
    if (output.padding > 0) {
      throw new ModelFormatException(path, "output", "padded, supported only before a Conv");
    }
    if (output.layout.axes().indexOf('D') >= 0) {
      throw new ModelFormatException(
          path, "output", output.layout + ", expected values for every step");
    }
    return output;
  }

  /** Those that are not weights, which opsets of old list among the inputs too. */
  private static List<ValueInfoProto> inputs(GraphProto graph, ConstantFolding constants) {
    return graph.getInputList().stream().filter(i -> !constants.has(i.getName())).toList();
  }

  /** The nodes that an output depends on, in the order of the file, which runtimes insist on. */
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

  /** Refuses operators of versions we do not know, which may mean something else. */
  private static void checkOpset(ModelProto model, Path path) throws ModelFormatException {
    List<Long> versions =
        model.getOpsetImportList().stream()
            .filter(opset -> standard(opset.getDomain()))
            .map(OperatorSetIdProto::getVersion)
            .distinct()
            .toList();
    if (versions.size() != 1 || versions.get(0) < OLDEST_OPSET || versions.get(0) > NEWEST_OPSET) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "opset=%s, expected one of %d to %d", versions, OLDEST_OPSET, NEWEST_OPSET));
    }
  }

  /**
   * What the input's axes mean, by which of them have a size: [1, frames, bins], [1, bins, frames]
   * or [frames, 1, bins].
   */
  private static Flow input(ValueInfoProto input, Path path) throws ModelFormatException {
    TypeProto.Tensor type = input.getType().getTensorType();
    long[] sizes =
        type.getShape().getDimList().stream().mapToLong(Dimension::getDimValue).toArray();
    boolean floats =
        type.getElemType() == TensorProto.DataType.FLOAT_VALUE
            || type.getElemType() == TensorProto.DataType.FLOAT16_VALUE;
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
    return new Flow(null, null, layout, (int) bins, false, 0);
  }

  /** Computes what a node gives: a constant, a state, or one more tensor on a way. */
  private void follow(OnnxNode node) {
    String given = node.output();
    if (flows.containsKey(given) || states.contains(given) || constants.has(given)) {
      throw new IllegalArgumentException("gives '" + given + "', which there is already");
    }
    if (constants.fold(node)) {
      return;
    }
    if (STATE_KEEPING.contains(node.op()) && isState(node)) {
      states.addAll(node.proto().getOutputList());
      return;
    }
    boolean recurrent = Set.of("GRU", "LSTM", "RNN").contains(node.op());
    String way = null;
    for (int i = 0; i < node.proto().getInputCount(); i++) {
      String name = node.proto().getInput(i);
      if (!node.hasInput(i) || node.hasConstant(i) || (recurrent && states.contains(name))) {
        continue;
      }
      if (way != null || !flows.containsKey(name) || (i > 0 && !TWO_SIDED.contains(node.op()))) {
        throw new IllegalArgumentException(
            "reads '" + name + "', supported: one tensor that layers make of the first input");
      }
      way = name;
    }
    if (way == null) {
      throw new IllegalArgumentException("reads states alone");
    }
    Flow flow = flows.get(way);
    if (node.op().equals("Shape")) {
      constants.put(node.output(), ConstantFolding.shape(node, flow.layout.shape(flow.width)));
      return;
    }
    Flow next = take(node, flow);
    if (next.layer != null && next.layer != flow.layer) {
      parameters += next.layer.parameters();
    }
    if (parameters > MOST_PARAMETERS) {
      throw new IllegalArgumentException("more than " + MOST_PARAMETERS + " parameters");
    }
    flows.put(node.output(), next);
  }

  /** Whether the node gives zeros because a state is zeros, whatever it does to it. */
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

  private Flow take(OnnxNode node, Flow flow) {
    if (node.hasConstant(0) && !TWO_SIDED.contains(node.op())) {
      throw new IllegalArgumentException(
          "reads a constant first, supported for " + String.join(", ", TWO_SIDED));
    }
    if (flow.padding > 0 && !node.op().equals("Conv") && !LAYOUT_ONLY.contains(node.op())) {
      throw new IllegalArgumentException("reads what is padded, supported only of a Conv");
    }
    Layout layout = flow.layout;
    int width = flow.width;
    return switch (node.op()) {
      case "Identity" -> flow;
      case "Cast" -> {
        long to = node.integer("to", 0);
        node.expect("to", to == TensorProto.DataType.FLOAT16_VALUE ? 1L : to, 1L);
        yield flow;
      }
      case "Dropout" -> {
        node.expect("training_mode", node.hasInput(2) && node.array(2).values()[0] != 0, false);
        yield flow;
      }
      case "Relu" -> flow.then(new Activation(Activation.Function.RELU, width));
      case "Sigmoid" -> flow.then(new Activation(Activation.Function.SIGMOID, width));
      case "Tanh" -> flow.then(new Activation(Activation.Function.TANH, width));
      case "Transpose" -> flow.in(layout.transposed(node.permutation()));
      case "Squeeze" -> {
        boolean named = node.hasInput(1) || node.attribute("axes") != null;
        yield flow.in(
            layout.squeezed(named ? node.integers(1, "axes") : layout.ones(width), width));
      }
      case "Unsqueeze" -> flow.in(layout.unsqueezed(node.integers(1, "axes")));
      case "Reshape" -> {
        node.expect("allowzero", node.integer("allowzero", 0), 0L);
        yield flow.in(layout.reshaped(node.integers(1, "shape"), width));
      }
      case "Conv" -> conv(node, flow);
      case "BatchNormalization" -> norm(node, flow);
      case "MatMul" -> {
        flow.expect(layout.endsInValues(), "[..., values]");
        Tensor w = node.weights(1, "weights");
        int outputs = w.dims().length == 2 ? w.dims()[1] : 1;
        w.shaped("weights", width, outputs);
        yield flow.then(new Dense(w.rows(outputs), new float[outputs])).lackingBias();
      }
      case "Add", "Sub", "Mul", "Div" -> affine(node, flow);
      case "Pad" -> pad(node, flow);
      case "Gemm" -> gemm(node, flow);
      case "GRU", "LSTM", "RNN" -> {
        flow.expect(layout.equals(Layout.TIME_BATCH_VALUES), Layout.TIME_BATCH_VALUES.toString());
        boolean both = node.text("direction", "forward").equals("bidirectional");
        yield flow.then(RecurrenceReader.read(node)).in(new Layout(both ? "TDNC" : "TNNC"));
      }
      default -> throw new IllegalArgumentException("supported only of constants");
    };
  }

  /** A factor or summand for each value: the bias of the product before it, or a norm. */
  private static Flow affine(OnnxNode node, Flow flow) {
    int constant = node.hasConstant(1) ? 1 : 0;
    if (node.op().equals("Div") && constant == 0) {
      throw new IllegalArgumentException("divides a constant, supported: by a constant");
    }
    int width = flow.width;
    float[] values = perValue(node, constant, flow);
    if (flow.lacksBias && node.op().equals("Add")) {
      Dense product = new Dense(((Dense) flow.layer).weights(), values);
      return new Flow(flow.before, product, flow.layout, width, false, 0);
    }
    float[] scale = new float[width];
    float[] shift = new float[width];
    for (int i = 0; i < width; i++) {
      switch (node.op()) {
        case "Mul" -> scale[i] = values[i];
        case "Div" -> {
          if (1 / values[i] == Float.POSITIVE_INFINITY
              || 1 / values[i] == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("divides by " + values[i]);
          }
          scale[i] = 1 / values[i];
        }
        case "Add" -> {
          scale[i] = 1;
          shift[i] = values[i];
        }
        default -> {
          scale[i] = constant == 1 ? 1 : -1;
          shift[i] = constant == 1 ? -values[i] : values[i];
        }
      }
    }
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return flow.then(new BatchNorm(scale, shift, new float[width], ones, 0));
  }

  /** A constant that is broadcast over all axes but that of the values. */
  private static float[] perValue(OnnxNode node, int input, Flow flow) {
    Tensor constant = node.weights(input, "constant");
    int[] dims = constant.dims();
    String axes = flow.layout.axes();
    int fromEnd = axes.length() - axes.indexOf('C');
    boolean fits = dims.length <= axes.length() && constant.values().length > 0;
    for (int i = 0; i < dims.length; i++) {
      boolean values = dims.length - i == fromEnd && axes.indexOf('D') < 0;
      fits &= dims[i] == 1 || (values && dims[i] == flow.width);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "constant of shape " + Arrays.toString(dims) + " beside " + flow.layout);
    }
    if (constant.values().length == flow.width) {
      return constant.values();
    }
    float[] same = new float[flow.width];
    Arrays.fill(same, constant.values()[0]);
    return same;
  }

  private static Flow pad(OnnxNode node, Flow flow) {
    node.expect("mode", node.text("mode", "constant"), "constant");
    float value = node.hasInput(2) ? node.weights(2, "value").values()[0] : node.single("value", 0);
    node.expect("value", value, 0f);
    long[] pads = node.integers(1, "pads");
    int rank = flow.layout.axes().length();
    long[] axes = node.hasInput(3) ? node.integers(3, "axes") : LongStream.range(0, rank).toArray();
    boolean fits = pads.length == 2 * axes.length;
    long frames = 0;
    for (int i = 0; fits && i < axes.length; i++) {
      boolean time = flow.layout.axis(axes[i]) == flow.layout.axes().indexOf('T');
      frames += time ? pads[i] : 0;
      fits = (time || pads[i] == 0) && pads[i + axes.length] == 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "pads=" + Arrays.toString(pads) + ", supported: frames before, for " + flow.layout);
    }
    return flow.padded(frames);
  }

  /** A convolution along time; further axes, which 2-D convolutions have, are of size one. */
  private static Flow conv(OnnxNode node, Flow flow) {
    flow.expect(
        flow.layout.axes().matches("NCN*TN*"),
        Layout.BATCH_VALUES_TIME + ", time among axes of one");
    Tensor w = node.weights(1, "weights");
    int axes = flow.layout.axes().length() - 2;
    int time = flow.layout.axes().indexOf('T') - 2;
    if (w.dims().length != axes + 2) {
      throw new IllegalArgumentException(
          "weights have " + w.dims().length + " axes, expected " + (axes + 2));
    }
    int outputs = w.dims()[0];
    int taps = w.dims()[2 + time];
    if ((long) outputs * w.dims()[1] * taps != w.values().length) {
      throw new IllegalArgumentException(
          "weights of shape " + Arrays.toString(w.dims()) + ", supported: a kernel along time");
    }
    w = new Tensor(new int[] {outputs, w.dims()[1], taps}, w.values());
    List<Long> ones = Collections.nCopies(axes, 1L);
    List<Long> kernels = new ArrayList<>(ones);
    kernels.set(time, (long) taps);
    node.expect("kernel_shape", node.integers("kernel_shape", kernels), kernels);
    node.expect("group", node.integer("group", 1), 1L);
    List<Long> dilations = node.integers("dilations", ones);
    long apart = dilations.size() == axes ? dilations.get(time) : 0;
    if (apart < 1 || apart > LONGEST_KERNEL || (taps - 1) * apart >= LONGEST_KERNEL) {
      throw new IllegalArgumentException(
          "dilations="
              + dilations
              + ", supported: a kernel of up to "
              + LONGEST_KERNEL
              + " frames");
    }
    int kernel = (int) ((taps - 1) * apart + 1);
    String auto = node.text("auto_pad", "NOTSET");
    node.expect("auto_pad", auto.equals("VALID") ? "NOTSET" : auto, "NOTSET");
    List<Long> pads = node.integers("pads", Collections.nCopies(2 * axes, 0L));
    List<Long> before = new ArrayList<>(Collections.nCopies(2 * axes, 0L));
    before.set(time, pads.size() == before.size() ? pads.get(time) : -1);
    if (!pads.equals(before) || pads.get(time) < 0 || pads.get(time) + flow.padding >= kernel) {
      throw new IllegalArgumentException(
          "pads="
              + pads
              + (flow.padding > 0 ? " after " + flow.padding + " frames by a Pad" : "")
              + ", supported: 0 to kernel-1 frames before, 0 after");
    }
    List<Long> strides = node.integers("strides", ones);
    long step = strides.size() == axes ? strides.get(time) : 0;
    if (step < 1 || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("strides=" + strides + ", expected one of at least 1");
    }
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    int padding = pads.get(time).intValue() + flow.padding;
    return flow.then(new Conv1d(taps(w, (int) apart), bias, kernel, (int) step, padding));
  }

  /**
   * From ONNX's [outputs][inputs][taps] to [kernel * inputs][outputs], with zeros between taps that
   * lie apart.
   */
  private static float[][] taps(Tensor w, int apart) {
    int outputs = w.dims()[0];
    int inputs = w.dims()[1];
    int kernel = w.dims()[2];
    float[][] rows = new float[((kernel - 1) * apart + 1) * inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int k = 0; k < kernel; k++) {
          rows[k * apart * inputs + i][o] = w.values()[(o * inputs + i) * kernel + k];
        }
      }
    }
    return rows;
  }

  private static Flow norm(OnnxNode node, Flow flow) {
    flow.expect(flow.layout.axes().indexOf('C') == 1, "values on axis 1");
    node.expect("training_mode", node.integer("training_mode", 0), 0L);
    int width = flow.width;
    return flow.then(
        new BatchNorm(
            node.weights(1, "scale").shaped("scale", width).values(),
            node.weights(2, "B").shaped("B", width).values(),
            node.weights(3, "mean").shaped("mean", width).values(),
            node.weights(4, "var").shaped("var", width).values(),
            node.single("epsilon", 1e-5f)));
  }

  private static Flow gemm(OnnxNode node, Flow flow) {
    flow.expect(flow.layout.axes().equals("TC"), "[time, values]");
    node.expect("alpha", node.single("alpha", 1), 1f);
    node.expect("beta", node.single("beta", 1), 1f);
    node.expect("transA", node.integer("transA", 0), 0L);
    boolean turned = node.integer("transB", 0) != 0;
    Tensor w = node.weights(1, "weights");
    int width = flow.width;
    int outputs = w.dims().length == 2 ? w.dims()[turned ? 0 : 1] : 1;
    w.shaped("weights", turned ? outputs : width, turned ? width : outputs);
    float[] bias = new float[outputs];
    if (node.hasInput(2) && node.weights(2, "bias").values().length == 1) {
      Arrays.fill(bias, node.weights(2, "bias").values()[0]);
    } else if (node.hasInput(2)) {
      bias = bias(node, 2, outputs);
    }
    return flow.then(
        new Dense(turned ? w.columnsAsRows(0, outputs, width) : w.rows(outputs), bias));
  }

  /** A bias of one value per output, whatever axes of size one stand before. */
  private static float[] bias(OnnxNode node, int input, int outputs) {
    Tensor bias = node.weights(input, "bias");
    int last = bias.dims().length - 1;
    if (last < 0 || bias.dims()[last] != outputs || bias.values().length != outputs) {
      bias.shaped("bias", outputs);
    }
    return bias.values();
  }
}
