package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.foreign.ForeignGraph;
import io.github.rouse.model.foreign.GraphRuntime;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.Windowed;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime: checks the native engine, and runs the graphs that it cannot. */
public final class OnnxRuntime implements GraphRuntime {
  /** For {@link GraphRuntime#installed}, which finds it by name. */
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
   * The posteriors of a whole clip, by the graph exactly as the file has it.
   *
   * @param frames [frames][bins]
   * @return [steps][words]
   * @throws IllegalStateException if ONNX Runtime refuses the graph: "NAME: ONNX Runtime: REASON"
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
    try (OrtSession session = session(graph);
        OnnxTensor in =
            OnnxTensor.createTensor(
                environment(), flat.flip(), new long[] {1, frames.length, bins});
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), in))) {
      return ((float[][][])
              result.get(graph.getGraph().getOutput(0).getName()).orElseThrow().getValue())
          [0];
    } catch (OrtException e) {
      throw failed(model.name(), e);
    }
  }

  public static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "rouse");
  }

  /** A session of one thread that says nothing on stderr. */
  public static OrtSession session(ModelProto graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Products with 8-bit weights in floats: left to itself, 1.29 rounds the other factor to 8
      // bits.
      options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
      return environment().createSession(graph.toByteArray(), options);
    }
  }

  /** A failure with the model's name; a checked exception would burden every stream. */
  static IllegalStateException failed(String name, OrtException e) {
    return new IllegalStateException(name + ": ONNX Runtime: " + e.getMessage(), e);
  }
}
