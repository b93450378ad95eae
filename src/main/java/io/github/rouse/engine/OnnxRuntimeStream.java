// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.export.StreamingGraph;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** One stream through a model in ONNX Runtime, with its own session. Not thread-safe. */
final class OnnxRuntimeStream implements PosteriorStreams {
  private final String name;
  private final Network network;
  private final StreamingGraph graph;
  private final OrtResources opened; // the session and the inputs
  private final OrtSession session;
  private final String output; // name of the posteriors
  private final Map<String, OnnxTensor> inputs = new HashMap<>(); // backed by the buffers below
  private final FloatBuffer window; // [window][bins], oldest frame first
  private final FloatBuffer[] states; // each [units]
  private final float[] shifted; // [window - 1][bins], scratch
  private final StepBatch posteriors = new StepBatch(); // of the last call
  private int missing; // frames until the next step

  OnnxRuntimeStream(String name, ModelProto graph, Network network) {
    this(name, StreamingGraph.of(graph, network), network, new OrtResources());
  }

  OnnxRuntimeStream(String name, StreamingGraph graph, Network network, OrtResources opened) {
    this.name = name;
    this.graph = graph;
    this.network = network;
    this.opened = opened;
    int bins = network.inputs();
    window = floats(graph.window() * bins);
    shifted = new float[(graph.window() - 1) * bins];
    states = new FloatBuffer[graph.states().size()];
    output = graph.model().getGraph().getOutput(0).getName();
    try {
      session = Ort.session(graph.model());
      opened.add(session::close);
      for (int s = 0; s < states.length; s++) {
        StreamingGraph.State state = graph.states().get(s);
        states[s] = floats(state.units());
        inputs.put(state.in(), tensor(states[s], 1, 1, state.units()));
      }
      for (String input : session.getInputNames()) {
        if (!inputs.containsKey(input)) {
          inputs.put(input, tensor(window, 1, graph.window(), bins));
        }
      }
    } catch (OrtException e) {
      opened.closeAfter(e);
      throw Ort.failed(name, e);
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
    reset(0);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private OnnxTensor tensor(FloatBuffer values, long... shape) throws OrtException {
    OnnxTensor tensor = OnnxTensor.createTensor(Ort.environment(), values, shape);
    opened.add(tensor::close);
    return tensor;
  }

  @Override
  public StepBatch run(StepBatch frames) {
    posteriors.clear();
    for (int i = 0; i < frames.count(); i++) {
      float[] frame = frames.values(i);
      window.get(frame.length, shifted).put(0, shifted).put(shifted.length, frame);
      if (--missing == 0) {
        missing = network.stride();
        float[] out = new float[network.outputs()];
        step(out);
        posteriors.add(0, out);
      }
    }
    return posteriors;
  }

  private void step(float[] out) {
    try (OrtSession.Result result = session.run(inputs)) {
      values(result, output).get(out);
      for (int s = 0; s < states.length; s++) {
        states[s].put(0, values(result, graph.states().get(s).out()), 0, states[s].capacity());
      }
    } catch (OrtException e) {
      throw Ort.failed(name, e);
    }
  }

  private static FloatBuffer values(OrtSession.Result result, String name) {
    return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
  }

  @Override
  public void reset(int stream) {
    zero(window);
    for (FloatBuffer state : states) {
      zero(state);
    }
    missing = network.firstStepFrames();
  }

  private static void zero(FloatBuffer values) {
    values.put(0, new float[values.capacity()]);
  }

  @Override
  public void close() {
    try {
      opened.close();
    } catch (OrtException e) {
      throw Ort.failed(name, e);
    }
  }
}
