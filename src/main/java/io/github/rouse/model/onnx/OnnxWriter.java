package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.List;
import java.util.Locale;

/**
 * A network as an ONNX graph, layer by layer: {@code features} [1, frames, bins] to {@code
 * posteriors} [1, steps, words], for any number of frames.
 */
public final class OnnxWriter {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  public static final String INPUT = "features";
  static final String OUTPUT = "posteriors";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("rouse");
  private final GraphNodes nodes = new GraphNodes(graph);
  private String current = INPUT; // the tensor that the next node reads
  private Layout layout = Layout.BATCH_TIME_VALUES; // and what its axes mean

  private final WeightType type;

  private OnnxWriter(WeightType type) {
    this.type = type;
  }

  /** The network's graph, without metadata. */
  public static ModelProto model(Network network) {
    return model(network, WeightType.FP32);
  }

  /** The network's graph, with smaller weights. */
  public static ModelProto model(Network network, WeightType type) {
    OnnxWriter writer = new OnnxWriter(type);
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      writer.write(layer, layer.getClass().getSimpleName().toLowerCase(Locale.ROOT) + i);
    }
    writer.as(Layout.BATCH_TIME_VALUES, OUTPUT);
    NodeProto.Builder last = writer.graph.getNodeBuilder(writer.graph.getNodeCount() - 1);
    last.setOutput(0, OUTPUT);
    writer.nodes.input(INPUT, 1, "frames", network.inputs());
    writer.nodes.output(OUTPUT, 1, "steps", network.outputs());
    String version = OnnxWriter.class.getPackage().getImplementationVersion();
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setProducerName("rouse")
        .setProducerVersion(version == null ? "" : version)
        .setGraph(writer.graph)
        .build();
  }

  private void write(Layer layer, String name) {
    if (layer instanceof Conv1d c) {
      int kernel = c.kernel();
      String weights = matrix(name + "_weights", 0, taps(c), c.outputs(), c.inputs(), kernel);
      String bias = weights(name + "_bias", c.bias(), c.outputs());
      node(
          "Conv",
          name,
          List.of(as(Layout.BATCH_VALUES_TIME, name), weights, bias),
          GraphNodes.attribute("kernel_shape", new long[] {kernel}),
          GraphNodes.attribute("strides", new long[] {c.stride()}),
          GraphNodes.attribute("pads", new long[] {c.padding(), 0}));
    } else if (layer instanceof BatchNorm b) {
      int channels = b.outputs();
      node(
          "BatchNormalization",
          name,
          List.of(
              as(Layout.BATCH_VALUES_TIME, name),
              weights(name + "_gamma", b.gamma(), channels),
              weights(name + "_beta", b.beta(), channels),
              weights(name + "_mean", b.mean(), channels),
              weights(name + "_variance", b.variance(), channels)),
          GraphNodes.attribute("epsilon", b.epsilon()));
    } else if (layer instanceof Activation a) {
      String op =
          switch (a.function()) {
            case RELU -> "Relu";
            case SIGMOID -> "Sigmoid";
            case TANH -> "Tanh";
          };
      node(op, name, List.of(current));
    } else if (layer instanceof Dense d) {
      String weights = matrix(name + "_weights", 1, flat(d.weights()), d.inputs(), d.outputs());
      node("MatMul", name, List.of(as(Layout.BATCH_TIME_VALUES, name), weights));
      String bias = weights(name + "_bias", d.bias(), d.outputs());
      node("Add", name + "_add_bias", List.of(current, bias));
    } else {
      RecurrenceWriter.write(layer, name, this);
    }
  }

  /** Adds a recurrent node, and what makes [time, 1, values] of its output. */
  void recurrent(
      String op, String name, List<String> inputs, boolean both, List<AttributeProto> attributes) {
    node(op, name, inputs, attributes.toArray(AttributeProto[]::new));
    if (both) {
      layout = new Layout("TDNC");
      as(new Layout("TNDC"), name + "_directions");
      String shape = nodes.integers("merged_shape", 0, 0, -1);
      node("Reshape", name + "_merge", List.of(current, shape));
    } else {
      String axis = nodes.integers("direction_axis", 1);
      node("Squeeze", name + "_squeeze", List.of(current, axis));
    }
    layout = Layout.TIME_BATCH_VALUES;
  }

  /** The current tensor with its axes in this order, turned first if they are not. */
  String as(Layout wanted, String before) {
    if (!layout.equals(wanted)) {
      String name = before + "_transpose";
      node(
          "Transpose",
          name,
          List.of(current),
          GraphNodes.attribute("perm", layout.permutationTo(wanted)));
      layout = wanted;
    }
    return current;
  }

  private void node(String op, String name, List<String> inputs, AttributeProto... attributes) {
    current = nodes.node(name, op, inputs, attributes);
  }

  String weights(String name, float[] values, long... dims) {
    return nodes.floats(name, values, dims);
  }

  /** Weights of a product, as the file is to hold them; outputs lie along {@code axis}. */
  String matrix(String name, int axis, float[] values, long... dims) {
    switch (type) {
      case FP16 -> {
        graph.addInitializer(Tensor.halves(name + "_fp16", values, dims));
        int floats = TensorProto.DataType.FLOAT_VALUE;
        nodes.node(name, "Cast", List.of(name + "_fp16"), GraphNodes.attribute("to", floats));
      }
      case INT8 -> {
        float[] scales = Tensor.scales(values, axis, dims);
        graph.addInitializer(Tensor.bytes(name + "_int8", values, scales, axis, dims));
        nodes.node(
            name,
            "DequantizeLinear",
            List.of(name + "_int8", weights(name + "_scale", scales, scales.length)),
            GraphNodes.attribute("axis", axis));
      }
      default -> weights(name, values, dims);
    }
    return name;
  }

  /** ONNX's order of a convolution's weights, [outputs][inputs][kernel]. */
  private static float[] taps(Conv1d c) {
    float[] taps = new float[c.outputs() * c.inputs() * c.kernel()];
    for (int o = 0; o < c.outputs(); o++) {
      for (int i = 0; i < c.inputs(); i++) {
        for (int k = 0; k < c.kernel(); k++) {
          taps[(o * c.inputs() + i) * c.kernel() + k] = c.weights()[k * c.inputs() + i][o];
        }
      }
    }
    return taps;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, flat, r * rows[r].length, rows[r].length);
    }
    return flat;
  }
}
