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
import java.util.ArrayList;
import java.util.List;
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
    return frames.length < model.network().firstStepFrames()
        ? new float[0][]
        : forward(model.name(), model.graph(), List.<float[][]>of(frames)).get(0);
  }

  /**
   * Runs a graph of one input, [1, frames, bins], and one output, [1, steps, values], on each of
   * some clips.
   *
   * @param name for messages
   * @param clips [frames][bins] each
   * @return [steps][values] of each
   * @throws IllegalStateException if ONNX Runtime rejects the graph: "NAME: ONNX Runtime: REASON"
   */
  public static List<float[][]> forward(String name, ModelProto graph, List<float[][]> clips) {
    String output = graph.getGraph().getOutput(0).getName();
    List<float[][]> results = new ArrayList<>();
    try (OrtSession session = Ort.session(graph)) {
      String input = session.getInputNames().iterator().next();
      for (float[][] frames : clips) {
        FloatBuffer flat = FloatBuffer.allocate(frames.length * frames[0].length);
        for (float[] frame : frames) {
          flat.put(frame);
        }
        long[] shape = {1, frames.length, frames[0].length};
        try (OnnxTensor in = OnnxTensor.createTensor(Ort.environment(), flat.flip(), shape);
            OrtSession.Result result = session.run(Map.of(input, in))) {
          results.add(((float[][][]) result.get(output).orElseThrow().getValue())[0]);
        }
      }
    } catch (OrtException e) {
      throw Ort.failed(name, e);
    }
    return results;
  }
}
