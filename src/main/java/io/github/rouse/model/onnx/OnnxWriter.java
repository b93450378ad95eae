// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Cascade;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.LayerNorm;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Planes;
import io.github.rouse.nn.Softmax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a network as an ONNX graph, layer by layer: {@code features} [1, frames, bins] to {@code
 * posteriors} [1, steps, words], for any number of frames.
 */
public final class OnnxWriter {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int TIME_AXIS = Layout.BATCH_TIME_VALUES.axes().indexOf('T');
  public static final String INPUT = "features";
  static final String OUTPUT = "posteriors";
  private static final String LOGITS = "logits";

  private OnnxWriter() {}

  /** Builds the graph, without metadata. */
  public static ModelProto model(Network network) {
    return model(network, WeightType.FP32);
  }

  /** Builds the graph with weights of this type. */
  public static ModelProto model(Network network, WeightType type) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("rouse");
    LayerNodes nodes = new LayerNodes(graph, INPUT, type);
    write(network, "", nodes);
    nodes.as(Layout.BATCH_TIME_VALUES, OUTPUT);
    graph.getNodeBuilder(graph.getNodeCount() - 1).setOutput(0, OUTPUT);
    GraphNodes ends = new GraphNodes(graph);
    ends.input(INPUT, 1, "frames", network.inputs());
    ends.output(OUTPUT, 1, "steps", network.outputs());
    return model(graph);
  }

  /**
   * Builds the graph of an encoder whose vectors are read by heads of one step and one output:
   * {@code features} [1, frames, bins] to {@code logits} [1, 1, words].
   *
   * @param heads of each word; a word's logit is their mean
   * @param steps of a window; the heads read the last one
   * @param earlier whether they also read the first one; a word's logit is then the mean of both
   */
  public static ModelProto model(
      Network encoder, List<List<Network>> heads, int steps, boolean earlier) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("rouse");
    LayerNodes trunk = new LayerNodes(graph, INPUT, WeightType.FP32);
    write(encoder, "encoder_", trunk);
    String vectors = trunk.as(Layout.BATCH_TIME_VALUES, "vectors");
    GraphNodes nodes = new GraphNodes(graph);
    List<String> windows = new ArrayList<>();
    windows.add(nodes.slice("last", vectors, 1, -steps, Long.MAX_VALUE));
    if (earlier) {
      windows.add(nodes.slice("earlier", vectors, 1, 0, steps));
    }
    List<String> logits = new ArrayList<>();
    for (int word = 0; word < heads.size(); word++) {
      List<String> looks = new ArrayList<>();
      for (String window : windows) {
        for (int i = 0; i < heads.get(word).size(); i++) {
          String name = "word" + word + "_head" + i + "_" + window + "_";
          LayerNodes head = new LayerNodes(graph, window, WeightType.FP32);
          write(heads.get(word).get(i), name, head);
          looks.add(head.as(Layout.BATCH_TIME_VALUES, name + "logit"));
        }
      }
      logits.add(nodes.node("word" + word, "Mean", looks));
    }
    nodes.node(LOGITS, "Concat", logits, GraphNodes.attribute("axis", 2));
    nodes.input(INPUT, 1, "frames", encoder.inputs());
    nodes.output(LOGITS, 1, 1, heads.size());
    return model(graph);
  }

  static ModelProto model(GraphProto.Builder graph) {
    String version = OnnxWriter.class.getPackage().getImplementationVersion();
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setProducerName("rouse")
        .setProducerVersion(version == null ? "" : version)
        .setGraph(graph)
        .build();
  }

  private static void write(Network network, String prefix, LayerNodes nodes) {
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      String kind = layer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      write(layer, prefix + kind + i, nodes);
    }
  }

  private static void write(Layer layer, String name, LayerNodes nodes) {
    if (layer instanceof Conv1d c) {
      int kernel = c.kernel();
      String weights = nodes.matrix(name + "_weights", 0, taps(c), c.outputs(), c.inputs(), kernel);
      String bias = nodes.weights(name + "_bias", c.bias(), c.outputs());
      nodes.node(
          "Conv",
          name,
          List.of(nodes.as(Layout.BATCH_VALUES_TIME, name), weights, bias),
          GraphNodes.attribute("kernel_shape", new long[] {kernel}),
          GraphNodes.attribute("strides", new long[] {c.stride()}),
          GraphNodes.attribute("pads", new long[] {c.padding(), 0}));
    } else if (layer instanceof BatchNorm b) {
      int channels = b.outputs();
      nodes.node(
          "BatchNormalization",
          name,
          List.of(
              nodes.as(Layout.BATCH_VALUES_TIME, name),
              nodes.weights(name + "_gamma", b.gamma(), channels),
              nodes.weights(name + "_beta", b.beta(), channels),
              nodes.weights(name + "_mean", b.mean(), channels),
              nodes.weights(name + "_variance", b.variance(), channels)),
          GraphNodes.attribute("epsilon", b.epsilon()));
    } else if (layer instanceof Activation a) {
      String op =
          switch (a.function()) {
            case RELU -> "Relu";
            case SIGMOID -> "Sigmoid";
            case TANH -> "Tanh";
          };
      nodes.node(op, name, List.of(nodes.current()));
    } else if (layer instanceof Dense d) {
      String weights =
          nodes.matrix(name + "_weights", 1, flat(d.weights()), d.inputs(), d.outputs());
      nodes.node("MatMul", name, List.of(nodes.as(Layout.BATCH_TIME_VALUES, name), weights));
      String bias = nodes.weights(name + "_bias", d.bias(), d.outputs());
      nodes.node("Add", name + "_add_bias", List.of(nodes.current(), bias));
    } else if (layer instanceof Activation.Leaky l) {
      nodes.node(
          "LeakyRelu", name, List.of(nodes.current()), GraphNodes.attribute("alpha", l.slope()));
      if (l.floor() > Float.NEGATIVE_INFINITY) {
        String floor = nodes.weights(name + "_floor", new float[] {l.floor()}, 1);
        nodes.node("Max", name + "_max", List.of(nodes.current(), floor));
      }
    } else if (layer instanceof Softmax) {
      nodes.node(
          "Softmax",
          name,
          List.of(nodes.as(Layout.BATCH_TIME_VALUES, name)),
          GraphNodes.attribute("axis", -1));
    } else if (layer instanceof LayerNorm n) {
      nodes.node(
          "LayerNormalization",
          name,
          List.of(
              nodes.as(Layout.BATCH_TIME_VALUES, name),
              nodes.weights(name + "_scale", n.scale(), n.outputs()),
              nodes.weights(name + "_shift", n.shift(), n.outputs())),
          GraphNodes.attribute("axis", -1),
          GraphNodes.attribute("epsilon", n.epsilon()));
    } else if (layer instanceof Conv1d.Lead l) {
      String steps = nodes.as(Layout.BATCH_TIME_VALUES, name);
      String lead =
          nodes.weights(name + "_steps", flat(l.steps()), 1, l.steps().length, l.inputs());
      nodes.node("Concat", name, List.of(lead, steps), GraphNodes.attribute("axis", TIME_AXIS));
    } else if (layer instanceof Planes p) {
      planes(p, name, nodes);
    } else if (layer instanceof Cascade c) {
      nodes.cascade(
          nodes.as(Layout.BATCH_TIME_VALUES, name),
          name,
          c.threshold(),
          one -> write(c.first(), name + "_first_", one),
          other -> write(c.second(), name + "_second_", other));
    } else if (layer instanceof AttentionPooling a) {
      pooling(a, name, nodes);
    } else {
      RecurrenceWriter.write(layer, name, nodes);
    }
  }

  private static void planes(Planes p, String name, LayerNodes nodes) {
    String steps = nodes.inBands(p.bands(), p.inputs(), name);
    if (p instanceof Planes.Conv2d c) {
      int outputs = c.bias().length;
      String weights =
          nodes.matrix(name + "_weights", 0, taps(c), outputs, c.channels(), c.kernel(), c.reach());
      String bias = nodes.weights(name + "_bias", c.bias(), outputs);
      int beside = c.reach() / 2;
      nodes.node(
          "Conv",
          name,
          List.of(steps, weights, bias),
          GraphNodes.attribute("kernel_shape", new long[] {c.kernel(), c.reach()}),
          GraphNodes.attribute("pads", new long[] {0, beside, 0, beside}));
    } else if (p instanceof Planes.MaxPool m) {
      long[] block = {m.kernel(), m.reach()};
      nodes.node(
          "MaxPool",
          name,
          List.of(steps),
          GraphNodes.attribute("kernel_shape", block),
          GraphNodes.attribute("strides", block));
    }
  }

  /** Reorders a convolution's weights for ONNX: [outputs][channels][kernel][reach]. */
  private static float[] taps(Planes.Conv2d c) {
    int places = c.kernel() * c.reach();
    int channels = c.channels();
    float[] taps = new float[c.bias().length * channels * places];
    for (int o = 0; o < c.bias().length; o++) {
      for (int i = 0; i < channels; i++) {
        for (int k = 0; k < places; k++) {
          taps[(o * channels + i) * places + k] = c.weights()[k * channels + i][o];
        }
      }
    }
    return taps;
  }

  private static void pooling(AttentionPooling a, String name, LayerNodes nodes) {
    int units = a.bias().length;
    String steps = nodes.as(Layout.BATCH_TIME_VALUES, name);
    String weights = nodes.matrix(name + "_weights", 1, flat(a.weights()), a.inputs(), units);
    nodes.node("MatMul", name + "_product", List.of(steps, weights));
    String bias = nodes.weights(name + "_bias", a.bias(), units);
    nodes.node("Add", name + "_add_bias", List.of(nodes.current(), bias));
    nodes.node("Tanh", name + "_tanh", List.of(nodes.current()));
    String context = nodes.matrix(name + "_context", 1, a.context(), units, 1);
    nodes.node("MatMul", name + "_scores", List.of(nodes.current(), context));
    nodes.node(
        "Softmax",
        name + "_shares",
        List.of(nodes.current()),
        GraphNodes.attribute("axis", TIME_AXIS));
    nodes.node("Mul", name + "_weighted", List.of(nodes.current(), steps));
    String axis = nodes.integers("time_axis", TIME_AXIS);
    nodes.node(
        "ReduceSum", name, List.of(nodes.current(), axis), GraphNodes.attribute("keepdims", 1));
  }

  /** Reorders a convolution's weights for ONNX: [outputs][inputs][kernel]. */
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

  static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, flat, r * rows[r].length, rows[r].length);
    }
    return flat;
  }
}
