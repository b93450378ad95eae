// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.foreign;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.library.Library;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.Windowed;

/**
 * Runs ONNX graphs. The implementation, ONNX Runtime, is found at run time, so a program that only
 * uses the native engine can leave it out.
 */
public interface GraphRuntime {
  /** A classifier that runs a third-party graph. */
  Windowed.Classifier classifier(ForeignGraph graph);

  /**
   * Starts one stream through a graph that Rouse wrote; the caller closes it.
   *
   * @param name of the model, for messages
   * @param graph of a whole clip
   * @param network that the graph was made from
   * @throws IllegalArgumentException if the network needs the whole clip
   * @throws IllegalStateException if ONNX Runtime rejects the graph
   */
  PosteriorStreams stream(String name, ModelProto graph, Network network);

  /**
   * The runtime on the class path.
   *
   * @throws IllegalStateException if there is none; the message names the dependency to add
   */
  static GraphRuntime installed() {
    Library.ONNX_RUNTIME.require();
    try {
      return Class.forName("io.github.rouse.engine.OnnxRuntime")
          .asSubclass(GraphRuntime.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("OnnxRuntime", e);
    }
  }
}
