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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
  private static final Set<String> TWO_SIDED = Set.of("Add", "Mul", "Sub", "Div");
  private static final Set<String> LAYOUT_ONLY =
      Set.of("Cast", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
  private static final String INPUT_EXPECTED =
      "expected floats of shape [1, frames, bins] with the number of bins";
  // The operators above mean the same in all of these.
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 22;

  /** A tensor on the way from input to output: what its axes mean, how many values per step. */
  private record Flow(Layout layout, int width) {}

  private final ConstantFolding constants;
  private final Map<String, Flow> flows = new HashMap<>();
  private final Set<String> states = new HashSet<>(); // that start at zeros, and parts of them
  private final Set<String> asides = new HashSet<>(); // what a recurrence ends in, and so on
  private final List<Layer> layers = new ArrayList<>();
  private Layout given; // of the input
  private String current; // the last tensor on the way
  private Layout layout = Layout.BATCH_TIME_VALUES;
  private int width; // values per step, over both directions
  private boolean lacksBias; // the last layer is a product that an Add may complete
  private int padding; // frames of zeros before the next convolution's first

  private OnnxReader(GraphProto graph, Path path) throws ModelFormatException {
    constants = new ConstantFolding(graph);
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.has(i.getName())).toList();
    if (inputs.isEmpty()) {
      throw new ModelFormatException(path, "", "graph without inputs");
    }
    current = inputs.get(0).getName();
    input(inputs.get(0), path);
    flows.put(current, new Flow(layout, width));
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
    return new Imported(followed(model, path).network(path), source(model, path));
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
      throw new ModelFormatException(path, "ONNX Runtime", e.getCause().getMessage(), e);
    }
    return new Imported(network, source(model, path));
  }

  private static String source(ModelProto model, Path path) {
    String maker = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    return "imported from " + path.getFileName() + (maker.isEmpty() ? "" : " (" + maker + ")");
  }

  /** The network of a graph that reads and gives [1, time, values], as all of Rouse's do. */
  static Network network(ModelProto model, Path path) throws ModelFormatException {
    OnnxReader reader = followed(model, path);
    if (!reader.given.equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    if (!reader.layout.equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(
          path, "output", reader.layout + ", expected " + Layout.BATCH_TIME_VALUES);
    }
    return reader.network(path);
  }

  private Network network(Path path) throws ModelFormatException {
    try {
      return new Network(layers);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  private static OnnxReader followed(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    checkOpset(model, path);
    for (NodeProto proto : graph.getNodeList()) {
      String place = new OnnxNode(proto, null).place();
      if (!standard(proto.getDomain())) {
        throw new ModelFormatException(
            path, place, "domain=" + proto.getDomain() + ", supported: ai.onnx");
      }
      if (!SUPPORTED.contains(proto.getOpType())
          && !ConstantFolding.OPERATORS.contains(proto.getOpType())) {
        throw new ModelFormatException(
            path, place, "not supported by Rouse; supported: " + String.join(", ", SUPPORTED));
      }
    }
    OnnxReader reader = new OnnxReader(graph, path);
    for (NodeProto proto : graph.getNodeList()) {
      OnnxNode node = new OnnxNode(proto, reader.constants);
      try {
        reader.follow(node);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(path, node.place(), e.getMessage(), e);
      }
    }
    if (graph.getOutputList().stream().noneMatch(o -> o.getName().equals(reader.current))) {
      throw new ModelFormatException(path, "tensor '" + reader.current + "'", "leads to no output");
    }
    if (reader.padding > 0) {
      throw new ModelFormatException(path, "output", "padded, supported only before a Conv");
    }
    if (reader.layout.axes().indexOf('T') < 0 || reader.layout.axes().indexOf('D') >= 0) {
      throw new ModelFormatException(
          path, "output", reader.layout + ", expected values for every step");
    }
    return reader;
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
  private void input(ValueInfoProto input, Path path) throws ModelFormatException {
    TypeProto.Tensor type = input.getType().getTensorType();
    long[] sizes =
        type.getShape().getDimList().stream().mapToLong(Dimension::getDimValue).toArray();
    boolean floats =
        type.getElemType() == TensorProto.DataType.FLOAT_VALUE
            || type.getElemType() == TensorProto.DataType.FLOAT16_VALUE;
    if (!floats || sizes.length != 3) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    if (sizes[2] == 0 && sizes[1] > 0) {
      layout = Layout.BATCH_VALUES_TIME;
    } else if (sizes[0] != 1 && sizes[1] == 1) {
      layout = Layout.TIME_BATCH_VALUES;
    }
    given = layout;
    long bins = sizes[layout.axes().indexOf('C')];
    if (bins < 1 || bins > 1 << 20) {
      throw new ModelFormatException(path, "input", INPUT_EXPECTED);
    }
    width = (int) bins;
  }

  /** Takes a node that is on the way to the output, or what else it may be. */
  private void follow(OnnxNode node) {
    List<String> read =
        node.proto().getInputList().stream()
            .filter(name -> !name.isEmpty() && !constants.has(name))
            .distinct()
            .toList();
    if (node.op().equals("Shape") && read.size() == 1 && flows.containsKey(read.get(0))) {
      Flow flow = flows.get(read.get(0));
      constants.put(node.output(), ConstantFolding.shape(node, flow.layout.shape(flow.width)));
    } else if (read.isEmpty()) {
      constants.fold(node);
    } else if (states.containsAll(read) && STATE_KEEPING.contains(node.op())) {
      states.addAll(node.proto().getOutputList());
    } else if (read.stream().allMatch(name -> asides.contains(name) || states.contains(name))) {
      asides.addAll(node.proto().getOutputList());
    } else {
      boolean recurrent = Set.of("GRU", "LSTM", "RNN").contains(node.op());
      for (String name : read) {
        boolean state =
            recurrent && states.contains(name) && !name.equals(node.proto().getInput(0));
        if (!name.equals(current) && !state) {
          throw new IllegalArgumentException(
              "reads '" + name + "', expected '" + current + "': supported is a chain of nodes");
        }
      }
      take(node);
      node.proto().getOutputList().stream().skip(1).forEach(asides::add);
      current = node.output();
      flows.put(current, new Flow(layout, width));
    }
  }

  private void take(OnnxNode node) {
    if (!current.equals(node.proto().getInput(0)) && !TWO_SIDED.contains(node.op())) {
      throw new IllegalArgumentException("reads a constant first, supported for Add and Mul");
    }
    if (padding > 0 && !node.op().equals("Conv") && !LAYOUT_ONLY.contains(node.op())) {
      throw new IllegalArgumentException("reads what is padded, supported only of a Conv");
    }
    boolean mayAdd = lacksBias;
    lacksBias = false;
    switch (node.op()) {
      case "Identity" -> {}
      case "Cast" -> {
        long to = node.integer("to", 0);
        node.expect("to", to == TensorProto.DataType.FLOAT16_VALUE ? 1L : to, 1L);
      }
      case "Dropout" -> node.expect("training_mode", node.hasInput(2), false);
      case "Relu" -> add(new Activation(Activation.Function.RELU, width));
      case "Sigmoid" -> add(new Activation(Activation.Function.SIGMOID, width));
      case "Tanh" -> add(new Activation(Activation.Function.TANH, width));
      case "Transpose" -> layout = layout.transposed(node.permutation());
      case "Squeeze" -> layout = layout.squeezed(node.integers(1, "axes"));
      case "Unsqueeze" -> layout = layout.unsqueezed(node.integers(1, "axes"));
      case "Reshape" -> {
        node.expect("allowzero", node.integer("allowzero", 0), 0L);
        layout = layout.reshaped(node.integers(1, "shape"), width);
      }
      case "Conv" -> conv(node);
      case "BatchNormalization" -> norm(node);
      case "MatMul" -> {
        expect(layout.endsInValues(), "[..., values]");
        Tensor w = node.weights(1, "weights");
        int outputs = w.dims().length == 2 ? w.dims()[1] : 1;
        w.shaped("weights", width, outputs);
        add(new Dense(w.rows(outputs), new float[outputs]));
        lacksBias = true;
      }
      case "Add", "Sub", "Mul", "Div" -> affine(node, mayAdd);
      case "Pad" -> pad(node);
      case "Gemm" -> gemm(node);
      case "GRU", "LSTM", "RNN" -> {
        expect(layout.equals(Layout.TIME_BATCH_VALUES), Layout.TIME_BATCH_VALUES.toString());
        add(RecurrenceReader.read(node));
        boolean both = node.text("direction", "forward").equals("bidirectional");
        layout = new Layout(both ? "TDNC" : "TNNC");
      }
      default -> throw new IllegalArgumentException("supported only of constants");
    }
  }

  /** A factor or summand for each value: the bias of the product before it, or a norm. */
  private void affine(OnnxNode node, boolean mayAdd) {
    int constant = node.hasConstant(1) ? 1 : 0;
    if (node.op().equals("Div") && constant == 0) {
      throw new IllegalArgumentException("divides a constant, supported: by a constant");
    }
    float[] values = perValue(node, constant);
    int last = layers.size() - 1;
    if (mayAdd && node.op().equals("Add")) {
      layers.set(last, new Dense(((Dense) layers.get(last)).weights(), values));
      return;
    }
    float[] scale = new float[width];
    float[] shift = new float[width];
    for (int i = 0; i < width; i++) {
      switch (node.op()) {
        case "Mul" -> scale[i] = values[i];
        case "Div" -> scale[i] = 1 / values[i];
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
    float[] variance = new float[width];
    Arrays.fill(variance, 1);
    add(new BatchNorm(scale, shift, new float[width], variance, 0));
  }

  /** A constant that is broadcast over all axes but that of the values. */
  private float[] perValue(OnnxNode node, int input) {
    Tensor constant = node.weights(input, "constant");
    int[] dims = constant.dims();
    int fromEnd = layout.axes().length() - layout.axes().indexOf('C');
    for (int i = 0; i < dims.length; i++) {
      boolean values = dims.length - i == fromEnd && layout.axes().indexOf('D') < 0;
      if (dims[i] != 1 && !(values && dims[i] == width)) {
        throw new IllegalArgumentException(
            "constant of shape " + Arrays.toString(dims) + ", expected one for each of " + width);
      }
    }
    if (dims.length > layout.axes().length()) {
      throw new IllegalArgumentException("constant of more axes than " + layout);
    }
    if (constant.values().length == width) {
      return constant.values();
    }
    float[] same = new float[width];
    Arrays.fill(same, constant.values()[0]);
    return same;
  }

  private void pad(OnnxNode node) {
    node.expect("mode", node.text("mode", "constant"), "constant");
    if ((node.hasInput(2) && node.weights(2, "value").values()[0] != 0)
        || node.single("value", 0) != 0) {
      throw new IllegalArgumentException("value, supported: 0");
    }
    long[] pads = node.integers(1, "pads");
    int rank = layout.axes().length();
    long[] expected = new long[2 * rank];
    int time = layout.axes().indexOf('T');
    long frames = pads.length == expected.length ? pads[time] : -1;
    expected[time] = frames;
    if (node.hasInput(3) || !Arrays.equals(pads, expected) || frames < 0 || frames > 1 << 20) {
      throw new IllegalArgumentException(
          "pads=" + Arrays.toString(pads) + ", supported: frames before, for " + layout);
    }
    padding += (int) frames;
  }

  private void add(Layer layer) {
    if (layer.inputs() != width) {
      throw new IllegalArgumentException("reads " + layer.inputs() + " values, given " + width);
    }
    layers.add(layer);
    width = layer.outputs();
  }

  private void expect(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("reads " + layout + ", expected " + expected);
    }
  }

  /** A convolution along time; further axes, which 2-D convolutions have, are of size one. */
  private void conv(OnnxNode node) {
    expect(layout.axes().matches("NCN*TN*"), Layout.BATCH_VALUES_TIME + ", time among axes of one");
    Tensor w = node.weights(1, "weights");
    int axes = layout.axes().length() - 2;
    int time = layout.axes().indexOf('T') - 2;
    if (w.dims().length != axes + 2) {
      throw new IllegalArgumentException(
          "weights have " + w.dims().length + " axes, expected " + (axes + 2));
    }
    int outputs = w.dims()[0];
    int kernel = w.dims()[2 + time];
    if ((long) outputs * w.dims()[1] * kernel != w.values().length) {
      throw new IllegalArgumentException(
          "weights of shape " + Arrays.toString(w.dims()) + ", supported: a kernel along time");
    }
    w = new Tensor(new int[] {outputs, w.dims()[1], kernel}, w.values());
    List<Long> ones = Collections.nCopies(axes, 1L);
    List<Long> kernels = new ArrayList<>(ones);
    kernels.set(time, (long) kernel);
    node.expect("kernel_shape", node.integers("kernel_shape", kernels), kernels);
    node.expect("group", node.integer("group", 1), 1L);
    node.expect("dilations", node.integers("dilations", ones), ones);
    String auto = node.text("auto_pad", "NOTSET");
    node.expect("auto_pad", auto.equals("VALID") ? "NOTSET" : auto, "NOTSET");
    List<Long> pads = node.integers("pads", Collections.nCopies(2 * axes, 0L));
    long before = pads.size() == 2 * axes ? pads.get(time) : -1;
    if (before < 0 || pads.stream().mapToLong(p -> p).map(Math::abs).sum() != before) {
      throw new IllegalArgumentException(
          "pads=" + pads + ", supported: 0 to kernel-1 frames before, 0 after");
    }
    before += padding;
    padding = 0;
    if (before >= kernel) {
      throw new IllegalArgumentException(
          before + " frames of padding, supported: 0 to kernel-1, " + (kernel - 1));
    }
    List<Long> strides = node.integers("strides", ones);
    long step = strides.size() == axes ? strides.get(time) : 0;
    if (step < 1 || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("strides=" + strides + ", expected one of at least 1");
    }
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    add(new Conv1d(taps(w), bias, kernel, (int) step, (int) before));
  }

  /** From ONNX's [outputs][inputs][kernel] to [kernel * inputs][outputs]. */
  private static float[][] taps(Tensor w) {
    int outputs = w.dims()[0];
    int inputs = w.dims()[1];
    int kernel = w.dims()[2];
    float[][] rows = new float[kernel * inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int k = 0; k < kernel; k++) {
          rows[k * inputs + i][o] = w.values()[(o * inputs + i) * kernel + k];
        }
      }
    }
    return rows;
  }

  private void norm(OnnxNode node) {
    expect(layout.axes().indexOf('C') == 1, "values on axis 1");
    node.expect("training_mode", node.integer("training_mode", 0), 0L);
    add(
        new BatchNorm(
            node.weights(1, "scale").shaped("scale", width).values(),
            node.weights(2, "B").shaped("B", width).values(),
            node.weights(3, "mean").shaped("mean", width).values(),
            node.weights(4, "var").shaped("var", width).values(),
            node.single("epsilon", 1e-5f)));
  }

  private void gemm(OnnxNode node) {
    expect(layout.axes().equals("TC"), "[time, values]");
    node.expect("alpha", node.single("alpha", 1), 1f);
    node.expect("beta", node.single("beta", 1), 1f);
    node.expect("transA", node.integer("transA", 0), 0L);
    boolean turned = node.integer("transB", 0) != 0;
    Tensor w = node.weights(1, "weights");
    int outputs = w.dims().length == 2 ? w.dims()[turned ? 0 : 1] : 1;
    w.shaped("weights", turned ? outputs : width, turned ? width : outputs);
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    add(new Dense(turned ? w.columnsAsRows(0, outputs, width) : w.rows(outputs), bias));
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
