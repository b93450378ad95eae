// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.foreign;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Windowed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads third-party graphs as networks of one layer that ONNX Runtime runs. */
public final class ForeignReader {
  private ForeignReader() {}

  /**
   * Wraps a graph as a network of one layer.
   *
   * @param stride frames from one window to the next; a streaming graph's windows do not overlap
   * @throws ModelFormatException if the graph is no classifier of windows
   */
  public static Network network(ModelProto model, int stride, Path path)
      throws ModelFormatException {
    try {
      ForeignGraph graph = new ForeignGraph(model, path);
      long[] out = ForeignGraph.sizes(model.getGraph().getOutput(0));
      long parameters = 0;
      for (TensorProto tensor : model.getGraph().getInitializerList()) {
        if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE) { // a shape
          long most = Integer.MAX_VALUE; // caps the product: declared sizes are untrusted
          parameters +=
              tensor.getDimsList().stream()
                  .reduce(1L, (a, b) -> Math.min(most, a * Math.max(0, Math.min(most, b))));
        }
      }
      int frames = (int) graph.window()[1];
      return new Network(
          List.of(
              new Windowed(
                  (int) graph.window()[2],
                  out.length == 0 ? 0 : (int) out[out.length - 1],
                  parameters,
                  frames,
                  graph.states().isEmpty() ? stride : frames,
                  new InstalledClassifier(graph))));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "graph", e.getMessage(), e);
    }
  }

  /**
   * Reads a classifier for ONNX Runtime and runs it once.
   *
   * @param stride frames from one window to the next
   * @throws ModelFormatException if it does not read [1, frames, bins], or does not run
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

  /** Whether {@link #read} could probably read a file; runs nothing. */
  public static boolean mayRead(Path path) throws IOException {
    try {
      network(OnnxFile.read(path), 1, path);
      return true;
    } catch (ModelFormatException e) {
      return false;
    }
  }

  /** The graph of a third-party network; null for a network of Rouse's own layers. */
  public static ModelProto of(Network network) {
    return network.layers().get(0) instanceof Windowed w
            && w.classifier() instanceof InstalledClassifier foreign
        ? foreign.graph().model()
        : null;
  }
}
