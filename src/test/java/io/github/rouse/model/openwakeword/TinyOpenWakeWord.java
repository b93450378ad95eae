// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.nn.TinyNetworks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Files of openWakeWord's shape with few, random weights: a backbone and heads of each form. */
public final class TinyOpenWakeWord {
  private static final int VALUES = 96;

  private final Path folder;
  private final Random random = new Random(7);

  /** Writes a backbone into a folder. */
  public TinyOpenWakeWord(Path folder) throws IOException {
    this.folder = folder;
    write("melspectrogram.onnx", frontEnd(1));
    write("embedding_model.onnx", embedding());
  }

  /** A front end of another loudness of its bands. */
  public TinyOpenWakeWord withOtherFilters() throws IOException {
    write("melspectrogram.onnx", frontEnd(1.1));
    return this;
  }

  /** Dense layers and a sigmoid. */
  public Path plain(String name, int window) throws IOException {
    Head head = new Head(window);
    head.node("Flatten", "flat", List.of("in"));
    head.gemm("flat", "hidden", window * VALUES, 24);
    head.node("Relu", "positive", List.of("hidden"));
    head.gemm("positive", "logit", 24, 1);
    head.node("Sigmoid", "out", List.of("logit"));
    return write(name, head.model("out", 1));
  }

  /** Classes, the first of which is none of the words in the output's name. */
  public Path classes(String name, int window, String output) throws IOException {
    Head head = new Head(window);
    head.node("Flatten", "flat", List.of("in"));
    head.gemm("flat", "logits", window * VALUES, 3);
    head.node("Softmax", output, List.of("logits"), GraphNodes.attribute("axis", 1));
    return write(name, head.model(output, 3));
  }

  /** A classifier with layer normalisation, and another that confirms it. */
  public Path confirmed(String name, int window, String condition) throws IOException {
    Head head = new Head(window);
    head.normalised("first_", window, "given");
    head.weights("half", new float[] {0.5f});
    head.node(condition, "reached", List.of("given", "half"));
    Head confirmation = head.branch();
    confirmation.normalised("second_", window, "confirmed");
    Head none = head.branch();
    none.node("Identity", "same", List.of("given"));
    head.node(
        "If",
        "out",
        List.of("reached"),
        GraphNodes.attribute("then_branch", confirmation.graph("confirmed", 1)),
        GraphNodes.attribute("else_branch", none.graph("same", 1)));
    return write(name, head.model("out", 1));
  }

  private Path write(String name, ModelProto model) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      model.writeTo(out);
    }
    return file;
  }

  private static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph.setName("tiny"))
        .build();
  }

  private static ModelProto frontEnd(double loudness) {
    FeatureSpec spec = FeatureSpec.OPEN_WAKE_WORD;
    int length = spec.frameLength();
    int bins = length / 2 + 1;
    double[] window = spec.window();
    float[] cosines = new float[bins * length];
    float[] sines = new float[bins * length];
    for (int k = 0; k < bins; k++) {
      for (int i = 0; i < length; i++) {
        double angle = 2 * Math.PI * ((long) k * i % length) / length;
        cosines[k * length + i] = (float) (window[i] * Math.cos(angle));
        sines[k * length + i] = (float) (-window[i] * Math.sin(angle));
      }
    }
    double[][] filters = spec.spectrum().mel().filters(spec.sampleRate(), length);
    float[] mel = new float[bins * filters.length];
    for (int k = 0; k < bins; k++) {
      for (int b = 0; b < filters.length; b++) {
        mel[k * filters.length + b] = (float) (loudness * filters[b][k]);
      }
    }
    GraphNodes nodes = new GraphNodes(GraphProto.newBuilder());
    nodes.input("input", "batch", "samples");
    nodes.floats("mel", mel, bins, filters.length);
    String channel = nodes.node("channel", "Unsqueeze", List.of("input", nodes.integers("one", 1)));
    String squares = "";
    for (String part : List.of("real", "imaginary")) {
      float[] waves = part.equals("real") ? cosines : sines;
      nodes.node(
          part,
          "Conv",
          List.of(channel, nodes.floats(part + "_waves", waves, bins, 1, length)),
          GraphNodes.attribute("kernel_shape", new long[] {length}),
          GraphNodes.attribute("strides", new long[] {spec.hop()}));
      String square = nodes.node(part + "_square", "Mul", List.of(part, part));
      squares = squares.isEmpty() ? square : nodes.node("power", "Add", List.of(squares, square));
    }
    long[] order = {0, 2, 1};
    String frames =
        nodes.node("frames", "Transpose", List.of(squares), GraphNodes.attribute("perm", order));
    String energies = nodes.node("energies", "MatMul", List.of(frames, "mel"));
    String above =
        nodes.node("above", "Clip", List.of(energies, nodes.floats("floor", new float[] {1e-10f})));
    String logs = nodes.node("logs", "Log", List.of(above));
    float perLog = (float) (10 / Math.log(10));
    String decibels =
        nodes.node(
            "decibels", "Mul", List.of(logs, nodes.floats("scale", new float[] {perLog}, 1)));
    String most =
        nodes.node("most", "ReduceMax", List.of(decibels), GraphNodes.attribute("keepdims", 0));
    String least =
        nodes.node("least", "Sub", List.of(most, nodes.floats("range", new float[] {80})));
    nodes.node("output", "Clip", List.of(decibels, least));
    nodes.output("output", "time", "frames", filters.length);
    return model(nodes.graph);
  }

  /** The embedding's kernels and strides in time, with few channels. */
  private static ModelProto embedding() {
    TinyNetworks layers = TinyNetworks.reading(32).planes(32, 2, 3, 3).leaky(-0.4f);
    layers.planes(32, 2, 3, 1).leaky(-0.4f).pool(32, 2, 2);
    layers.planes(16, 3, 3, 1).leaky(-0.4f).planes(16, 3, 3, 1).leaky(-0.4f).pool(16, 1, 2);
    layers.planes(8, 3, 1, 3).planes(8, 3, 3, 1).planes(8, 3, 3, 1).leaky(-0.4f).pool(8, 2, 2);
    layers.planes(4, 3, 3, 1).planes(4, 3, 3, 1).leaky(-0.4f).pool(4, 1, 2);
    layers.planes(2, 3, 3, 1).planes(2, 3, 3, 1).leaky(-0.4f).pool(2, 2, 2);
    layers.planes(1, VALUES, 3, 1);
    GraphProto written = OnnxWriter.model(layers.network()).getGraph();
    GraphNodes nodes = new GraphNodes(GraphProto.newBuilder());
    List<NodeProto> chain = written.getNodeList();
    int last = chain.size() - 2; // Transpose and Reshape
    nodes.input("features", "batch", 76, 32, 1);
    nodes.graph.addAllInitializer(written.getInitializerList());
    String shape = nodes.integers("window", -1, 1, 76, 32);
    nodes.node(chain.get(0).getOutput(0), "Reshape", List.of("features", shape));
    nodes.graph.addAllNode(chain.subList(1, last));
    String end = nodes.integers("end", -1, 1, 1, VALUES);
    nodes.node("embedding", "Reshape", List.of(chain.get(last).getInput(0), end));
    nodes.output("embedding", "batch", 1, 1, VALUES);
    return model(nodes.graph);
  }

  /** Builds a head, or a branch of one. */
  private final class Head {
    private final GraphNodes root;
    private final GraphNodes nodes;

    Head(int window) {
      nodes = new GraphNodes(GraphProto.newBuilder().setName("head"));
      root = nodes;
      nodes.input("in", 1, window, VALUES);
    }

    private Head(GraphNodes root) {
      this.root = root;
      nodes = new GraphNodes(GraphProto.newBuilder().setName("branch"));
    }

    Head branch() {
      return new Head(root);
    }

    void node(String op, String output, List<String> inputs, AttributeProto... attributes) {
      nodes.node(output, op, inputs, attributes);
    }

    void weights(String name, float[] values, long... dims) {
      root.floats(name, values, dims.length == 0 ? new long[] {values.length} : dims);
    }

    void gemm(String input, String output, int inputs, int outputs) {
      double size = inputs < VALUES ? 1 : 0.1; // embeddings are large
      weights(output + "_w", random(inputs * outputs, size / Math.sqrt(inputs)), outputs, inputs);
      weights(output + "_b", random(outputs, 0.3));
      List<String> all = List.of(input, output + "_w", output + "_b");
      node("Gemm", output, all, GraphNodes.attribute("transB", 1));
    }

    /** Two dense layers with layer normalisation between, as PyTorch writes it. */
    void normalised(String name, int window, String output) {
      node("Flatten", name + "flat", List.of("in"));
      gemm(name + "flat", name + "x", window * VALUES, 6);
      AttributeProto last = GraphNodes.attribute("axes", new long[] {-1});
      node("ReduceMean", name + "mean", List.of(name + "x"), last);
      node("Sub", name + "centred", List.of(name + "x", name + "mean"));
      weights(name + "two", new float[] {2});
      node("Pow", name + "squares", List.of(name + "centred", name + "two"));
      node("ReduceMean", name + "variance", List.of(name + "squares"), last);
      weights(name + "epsilon", new float[] {1e-5f});
      node("Add", name + "above", List.of(name + "variance", name + "epsilon"));
      node("Sqrt", name + "deviation", List.of(name + "above"));
      node("Div", name + "normal", List.of(name + "centred", name + "deviation"));
      weights(name + "scale", random(6, 1));
      node("Mul", name + "scaled", List.of(name + "normal", name + "scale"));
      weights(name + "shift", random(6, 0.3));
      node("Add", name + "shifted", List.of(name + "scaled", name + "shift"));
      node("Relu", name + "positive", List.of(name + "shifted"));
      gemm(name + "positive", name + "logit", 6, 1);
      node("Sigmoid", output, List.of(name + "logit"));
    }

    private float[] random(int count, double size) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (random.nextGaussian() * size);
      }
      return values;
    }

    GraphProto.Builder graph(String output, int outputs) {
      nodes.output(output, 1, outputs);
      return nodes.graph;
    }

    ModelProto model(String output, int outputs) {
      return TinyOpenWakeWord.model(graph(output, outputs));
    }
  }
}
