// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.onnx.Constants;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxNode;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The part that all heads share: the front end, which Rouse computes itself, and the embedding. */
final class Backbone {
  /** Frames that openWakeWord computes in its first call. */
  static final int FIRST_FRAMES = 5;

  private static final String FRONT_END = "melspectrogram.onnx";
  private static final String EMBEDDING = "embedding_model.onnx";
  private static final int FRAMES = 76; // that an embedding reads
  private static final int HOP = 8; // frames from one to the next
  private static final int VALUES = 96;
  private static final double CLOSE = 1e-4; // relative

  private Backbone() {}

  /** Reads the embedding and checks that the front end is the one that Rouse computes. */
  static Network read(Path folder) throws IOException {
    for (String name : List.of(FRONT_END, EMBEDDING)) {
      if (!Files.isRegularFile(folder.resolve(name))) {
        throw new ModelFormatException(
            folder,
            "",
            "no "
                + name
                + " here; --backbone is the folder of openWakeWord's "
                + FRONT_END
                + " and "
                + EMBEDDING);
      }
    }
    checkFrontEnd(folder.resolve(FRONT_END));
    return embedding(folder.resolve(EMBEDDING));
  }

  private static void checkFrontEnd(Path path) throws IOException {
    GraphProto graph = OnnxFile.read(path).getGraph();
    Constants constants = new Constants(graph);
    int fourier = 0;
    boolean mel = false;
    try {
      for (NodeProto proto : graph.getNodeList()) {
        OnnxNode node = new OnnxNode(proto, constants);
        if (node.op().equals("Conv")) {
          boolean hops = node.integers("strides", List.of()).equals(List.of(160L));
          fourier += hops && isFourier(node.weights(1, "weights").values()) ? 1 : 0;
        } else if (node.op().equals("MatMul")) {
          mel = isMel(node.weights(1, "filters").values());
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
    if (fourier != 2 || !mel) {
      throw new ModelFormatException(path, "", "is not openWakeWord's front end");
    }
  }

  /** Whether these are the windowed cosines or sines of a Fourier transform. */
  private static boolean isFourier(float[] waves) {
    double[] window = FeatureSpec.OPEN_WAKE_WORD.window();
    int length = window.length;
    int bins = length / 2 + 1;
    if (waves.length != bins * length) {
      return false;
    }
    boolean cosines = true;
    boolean sines = true;
    for (int k = 0; k < bins; k++) {
      for (int i = 0; i < length; i++) {
        double angle = 2 * Math.PI * ((long) k * i % length) / length;
        double wave = waves[k * length + i];
        cosines &= Math.abs(wave - window[i] * Math.cos(angle)) < CLOSE;
        sines &= Math.abs(Math.abs(wave) - window[i] * Math.abs(Math.sin(angle))) < CLOSE;
      }
    }
    return cosines || sines;
  }

  private static boolean isMel(float[] matrix) {
    FeatureSpec spec = FeatureSpec.OPEN_WAKE_WORD;
    double[][] filters = spec.spectrum().mel().filters(spec.sampleRate(), spec.fftLength());
    if (matrix.length != filters.length * filters[0].length) {
      return false;
    }
    double largest = 0;
    for (double[] filter : filters) {
      for (double weight : filter) {
        largest = Math.max(largest, weight);
      }
    }
    for (int b = 0; b < filters.length; b++) {
      for (int k = 0; k < filters[b].length; k++) {
        if (!(Math.abs(matrix[k * filters.length + b] - filters[b][k]) < CLOSE * largest)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Reads the embedding as a network of frames: its graph takes a window of them. */
  private static Network embedding(Path path) throws IOException {
    ModelProto model = OnnxFile.read(path);
    GraphProto graph = model.getGraph();
    List<NodeProto> nodes =
        graph.getNodeList().stream()
            .filter(node -> !node.getOpType().equals("Constant"))
            .collect(Collectors.toUnmodifiableList());
    int last = nodes.size() - 1;
    if (last < 2
        || graph.getInputCount() == 0
        || graph.getOutputCount() != 1
        || !isReshape(nodes.get(0))
        || !isReshape(nodes.get(last))
        || !nodes.get(0).getInput(0).equals(graph.getInput(0).getName())
        || !nodes.get(last).getOutput(0).equals(graph.getOutput(0).getName())) {
      throw notEmbedding(path);
    }
    FeatureSpec spec = FeatureSpec.OPEN_WAKE_WORD;
    GraphNodes frames = new GraphNodes(GraphProto.newBuilder());
    String input = graph.getInput(0).getName();
    String output = graph.getOutput(0).getName();
    frames.input(input, 1, "frames", spec.bins());
    GraphProto.Builder rewritten = frames.graph;
    rewritten.addAllInitializer(graph.getInitializerList());
    String axis = frames.integers("rouse_axis", 1);
    rewritten.addNode(node("Unsqueeze", input, axis, nodes.get(0).getOutput(0)));
    rewritten.addAllNode(nodes.subList(1, last));
    rewritten.addNode(
        node("Transpose", nodes.get(last).getInput(0), "", "rouse_transposed").toBuilder()
            .addAttribute(GraphNodes.attribute("perm", new long[] {0, 2, 3, 1})));
    String shape = frames.integers("rouse_shape", 0, 0, -1);
    rewritten.addNode(node("Reshape", "rouse_transposed", shape, output));
    frames.output(output, 1, "steps", VALUES);
    Network network = OnnxReader.network(model.toBuilder().setGraph(rewritten).build(), path);
    if (network.receptiveField() != FRAMES
        || network.firstStepFrames() != FRAMES
        || network.stride() != HOP
        || network.outputs() != VALUES) {
      throw notEmbedding(path);
    }
    return network;
  }

  private static boolean isReshape(NodeProto node) {
    return node.getOpType().equals("Reshape")
        && node.getInputCount() == 2
        && node.getOutputCount() == 1;
  }

  private static ModelFormatException notEmbedding(Path path) {
    return new ModelFormatException(
        path,
        "",
        String.format(
            "is not openWakeWord's embedding: %d values from %d frames, every %d",
            VALUES, FRAMES, HOP));
  }

  private static NodeProto node(String op, String input, String constant, String output) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(output).addInput(input);
    if (!constant.isEmpty()) {
      node.addInput(constant);
    }
    return node.addOutput(output).build();
  }
}
