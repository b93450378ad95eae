// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.foreign.ForeignGraph;
import io.github.rouse.nn.Windowed;
import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a third-party graph, window by window, in one session shared by all streams. */
final class ForeignClassifier implements Windowed.Classifier {
  private final ForeignGraph graph;
  private OrtSession session; // opened by the first stream

  ForeignClassifier(ForeignGraph graph) {
    this.graph = graph;
  }

  private synchronized OrtSession session() throws OrtException {
    if (session == null) {
      OrtSession opened = Ort.session(graph.model());
      session = opened;
      Sessions.CLEANER.register(this, () -> Sessions.close(opened));
    }
    return session;
  }

  /** Closes sessions whose model is unreachable. */
  private static final class Sessions {
    static final Cleaner CLEANER = Cleaner.create();

    private Sessions() {}

    static void close(OrtSession session) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e); // ignored by the cleaner
      }
    }
  }

  @Override
  public Windowed.ClassifierStream start() {
    Map<String, float[]> state = new LinkedHashMap<>();
    graph.states().forEach((name, shape) -> state.put(name, new float[ForeignGraph.count(shape)]));
    return new Windowed.ClassifierStream() {
      @Override
      public void classify(float[] frames, float[] out) {
        try {
          run(frames, state, out);
        } catch (OrtException e) {
          throw new IllegalStateException(graph.place() + ": ONNX Runtime: " + e.getMessage(), e);
        }
      }

      @Override
      public void reset() {
        state.values().forEach(values -> Arrays.fill(values, 0));
      }
    };
  }

  private void run(float[] frames, Map<String, float[]> state, float[] out) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      inputs.put(graph.input(), tensor(frames, graph.window()));
      for (Map.Entry<String, float[]> one : state.entrySet()) {
        inputs.put(one.getKey(), tensor(one.getValue(), graph.states().get(one.getKey())));
      }
      try (OrtSession.Result result = session().run(inputs)) {
        FloatBuffer given = floats(result, graph.output(), out.length);
        given.position(given.limit() - out.length).get(out); // the last step, if there are several
        for (float posterior : out) {
          if (!(posterior >= 0 && posterior <= 1)) {
            throw new IllegalStateException(
                graph.place() + ": posterior=" + posterior + ", expected 0 to 1");
          }
        }
        int next = 0;
        for (float[] values : state.values()) {
          floats(result, graph.stateOutputs().get(next++), values.length).get(values);
        }
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(float[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(Ort.environment(), FloatBuffer.wrap(values), shape);
  }

  /** Checks the number of values: a graph may declare a wrong shape. */
  private FloatBuffer floats(OrtSession.Result result, String name, int least) {
    FloatBuffer floats =
        result.get(name).orElseThrow() instanceof OnnxTensor t ? t.getFloatBuffer() : null;
    if (floats == null || floats.remaining() < least) {
      throw new IllegalStateException(
          graph.place()
              + ": output '"
              + name
              + "' does not have the declared shape, "
              + least
              + " floats");
    }
    return floats;
  }
}
