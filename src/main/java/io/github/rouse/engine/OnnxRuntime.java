// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.foreign.ForeignGraph;
import io.github.rouse.model.foreign.GraphRuntime;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.Windowed;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime: checks the native engine, and runs graphs that it cannot. */
public final class OnnxRuntime implements GraphRuntime {
  /** Called by {@link GraphRuntime#installed}, which finds this class by name. */
  public OnnxRuntime() {}

  @Override
  public Windowed.Classifier classifier(ForeignGraph graph) {
    return new ForeignClassifier(graph);
  }

  @Override
  public PosteriorStreams stream(String name, ModelProto graph, Network network) {
    return new OnnxRuntimeStream(name, graph, network);
  }

  /**
   * Computes the posteriors of a whole clip with the graph exactly as stored in the file.
   *
   * @param frames [frames][bins]
   * @return [steps][words]
   * @throws IllegalStateException if ONNX Runtime rejects the graph: "NAME: ONNX Runtime: REASON"
   */
  public static float[][] forward(WakeModel model, float[][] frames) {
    if (frames.length < model.network().firstStepFrames()) {
      return new float[0][];
    }
    int bins = model.network().inputs();
    FloatBuffer flat = FloatBuffer.allocate(frames.length * bins);
    for (float[] frame : frames) {
      flat.put(frame);
    }
    ModelProto graph = model.graph();
    try (OrtSession session = Ort.session(graph);
        OnnxTensor in =
            OnnxTensor.createTensor(
                Ort.environment(), flat.flip(), new long[] {1, frames.length, bins});
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), in))) {
      return ((float[][][])
              result.get(graph.getGraph().getOutput(0).getName()).orElseThrow().getValue())
          [0];
    } catch (OrtException e) {
      throw Ort.failed(model.name(), e);
    }
  }
}
