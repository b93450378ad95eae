package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An ONNX graph as a network: the chain of nodes from input to output, followed with an eye on what
 * the axes mean at each place.
 */
public final class OnnxReader {
  private static final Set<String> SUPPORTED =
      new TreeSet<>(
          Set.of(
              "Add",
              "BatchNormalization",
              "Cast",
              "Constant",
              "Conv",
              "DequantizeLinear",
              "Dropout",
              "GRU",
              "Gemm",
              "Identity",
              "LSTM",
              "MatMul",
              "RNN",
              "Relu",
              "Reshape",
              "Sigmoid",
              "Squeeze",
              "Tanh",
              "Transpose",
              "Unsqueeze"));
  // The operators above mean the same in all of these.
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 22;

  private final List<Layer> layers = new ArrayList<>();
  private Layout layout = Layout.BATCH_TIME_VALUES;
  private int width; // values per step, over both directions
  private boolean lacksBias; // the last layer is a product that an Add may complete

  private OnnxReader(int bins) {
    width = bins;
  }

  /**
   * Reads the network of any ONNX file of these operations, with or without {@code rouse.*}
   * metadata.
   *
   * @throws ModelFormatException if the file is no such graph
   */
  public static Imported read(Path path) throws IOException {
    ModelProto model = OnnxFile.read(path);
    String maker = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    String source =
        "imported from " + path.getFileName() + (maker.isEmpty() ? "" : " (" + maker + ")");
    return new Imported(network(model, path), source);
  }

  static Network network(ModelProto model, Path path) throws ModelFormatException {
    GraphProto graph = model.getGraph();
    checkOpset(model, path);
    for (NodeProto proto : graph.getNodeList()) {
      if (!standard(proto.getDomain())) {
        throw new ModelFormatException(
            path,
            new OnnxNode(proto, Map.of()).place(),
            "domain=" + proto.getDomain() + ", supported: ai.onnx");
      }
      if (!SUPPORTED.contains(proto.getOpType())) {
        throw new ModelFormatException(
            path,
            new OnnxNode(proto, Map.of()).place(),
            "not supported by Rouse; supported: " + String.join(", ", SUPPORTED));
      }
    }
    OnnxReader reader = new OnnxReader(bins(graph, path));
    for (OnnxNode node : OnnxFile.chain(graph, path)) {
      try {
        reader.take(node);
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(path, node.place(), e.getMessage(), e);
      }
    }
    if (!reader.layout.equals(Layout.BATCH_TIME_VALUES)) {
      throw new ModelFormatException(
          path, "output", reader.layout + ", expected " + Layout.BATCH_TIME_VALUES);
    }
    try {
      return new Network(reader.layers);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
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

  private static int bins(GraphProto graph, Path path) throws ModelFormatException {
    TypeProto.Tensor type = OnnxFile.input(graph, path).getType().getTensorType();
    TensorShapeProto shape = type.getShape();
    long bins = shape.getDimCount() == 3 ? shape.getDim(2).getDimValue() : 0;
    if (bins < 1 || bins > 1 << 20 || type.getElemType() != TensorProto.DataType.FLOAT_VALUE) {
      throw new ModelFormatException(
          path, "input", "expected floats of shape [1, frames, bins] with the number of bins");
    }
    return (int) bins;
  }

  private void take(OnnxNode node) {
    boolean mayAdd = lacksBias;
    lacksBias = false;
    switch (node.op()) {
      case "Identity" -> {}
      case "Cast", "DequantizeLinear" ->
          throw new IllegalArgumentException("supported only of constants");
      case "Dropout" -> node.expect("training_mode", node.hasInput(2), false);
      case "Relu" -> add(new Activation(Activation.Function.RELU, width));
      case "Sigmoid" -> add(new Activation(Activation.Function.SIGMOID, width));
      case "Tanh" -> add(new Activation(Activation.Function.TANH, width));
      case "Transpose" ->
          layout =
              layout.transposed(
                  node.integers("perm", List.of()).stream().mapToLong(p -> p).toArray());
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
      case "Add" -> {
        if (!mayAdd) {
          throw new IllegalArgumentException("supported only as the bias after a MatMul");
        }
        int last = layers.size() - 1;
        float[] bias = bias(node, node.hasConstant(1) ? 1 : 0, width);
        layers.set(last, new Dense(((Dense) layers.get(last)).weights(), bias));
      }
      case "Gemm" -> gemm(node);
      default -> {
        expect(layout.equals(Layout.TIME_BATCH_VALUES), Layout.TIME_BATCH_VALUES.toString());
        add(RecurrenceReader.read(node));
        boolean both = node.text("direction", "forward").equals("bidirectional");
        layout = new Layout(both ? "TDNC" : "TNNC");
      }
    }
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

  private void conv(OnnxNode node) {
    expect(layout.equals(Layout.BATCH_VALUES_TIME), Layout.BATCH_VALUES_TIME.toString());
    Tensor w = node.weights(1, "weights");
    if (w.dims().length != 3) {
      throw new IllegalArgumentException("weights have " + w.dims().length + " axes, expected 3");
    }
    int outputs = w.dims()[0];
    int kernel = w.dims()[2];
    node.expect(
        "kernel_shape",
        node.integers("kernel_shape", List.of((long) kernel)),
        List.of((long) kernel));
    node.expect("group", node.integer("group", 1), 1L);
    node.expect("dilations", node.integers("dilations", List.of(1L)), List.of(1L));
    String auto = node.text("auto_pad", "NOTSET");
    node.expect("auto_pad", auto.equals("VALID") ? "NOTSET" : auto, "NOTSET");
    List<Long> pads = node.integers("pads", List.of(0L, 0L));
    List<Long> strides = node.integers("strides", List.of(1L));
    if (pads.size() != 2 || pads.get(1) != 0 || pads.get(0) < 0 || pads.get(0) >= kernel) {
      throw new IllegalArgumentException(
          "pads=" + pads + ", supported: 0 to kernel-1 frames before, 0 after");
    }
    if (strides.size() != 1 || strides.get(0) < 1 || strides.get(0) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("strides=" + strides + ", expected one of at least 1");
    }
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    int step = strides.get(0).intValue();
    add(new Conv1d(taps(w), bias, kernel, step, pads.get(0).intValue()));
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
