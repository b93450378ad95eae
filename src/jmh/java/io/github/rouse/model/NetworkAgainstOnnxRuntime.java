package io.github.rouse.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StreamSteps;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.TriggerPolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * The classic network step by step, here and in ONNX Runtime, turn by turn in one process with one
 * thread each: one step a call, four, and as a file is scanned against a whole clip. ONNX Runtime runs the streaming graph on buffers that stay
 * where they are; both are given the same frames.
 */
public final class NetworkAgainstOnnxRuntime {
  private static final double TURN_SECONDS = 0.3;
  private static final int WARM_UP = 9; // pairs
  private static final int SCANNED = 64; // steps that a scan computes at a time
  private static final int CLIP = 1375; // steps of ten seconds

  private NetworkAgainstOnnxRuntime() {}

  /** Some steps at once. */
  private interface Runner {
    void run(float[][] frames) throws OrtException;
  }

  /** Compares; the argument is how many pairs. */
  public static void main(String[] args) throws OrtException {
    int pairs = Integer.parseInt(args[0]);
    Network network =
        TinyNetworks.reading(FeatureSpec.CLASSIC.bins())
            .conv(196, 15, 4, 0)
            .norm()
            .relu()
            .gru(128)
            .norm()
            .gru(128)
            .norm()
            .dense(1)
            .sigmoid()
            .network();
    WakeModel model =
        new WakeModel(
            "classic",
            List.of("word"),
            FeatureSpec.CLASSIC,
            TriggerPolicy.DEFAULT,
            network,
            Provenance.NONE);
    for (int[] steps : new int[][] {{16,CLIP},{32,CLIP},{SCANNED,CLIP},{16,CLIP}}) {
      compare(model, steps[0], steps[1], pairs);
    }
  }

  private static void compare(WakeModel model, int ours, int theirs, int pairs)
      throws OrtException {
    Runner rouse = rouse(model);
    Runner onnxRuntime = new OnnxRuntimeSteps(model, theirs);
    double[] ratios = new double[pairs];
    double[] mine = new double[pairs];
    double[] other = new double[pairs];
    for (int pair = -WARM_UP; pair < pairs; pair++) {
      double a = microseconds(rouse, model, ours);
      double b = microseconds(onnxRuntime, model, theirs);
      if (pair >= 0) {
        mine[pair] = a;
        other[pair] = b;
        ratios[pair] = b / a;
      }
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%d steps a call against %d of ONNX Runtime: %.1f and %.1f us a step, %.2f times as fast"
            + " (pairs %.2f to %.2f)%n",
        ours,
        theirs,
        median(mine),
        median(other),
        median(ratios),
        ratios[0],
        ratios[pairs - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static Runner rouse(WakeModel model) {
    PosteriorStreams stream = model.start(Engine.NATIVE, 1);
    return frames -> stream.run(StreamSteps.of(frames));
  }

  /** Of a step, over calls that take as long as a turn. */
  private static double microseconds(Runner runner, WakeModel model, int steps)
      throws OrtException {
    float[][][] frames = frames(model, steps);
    long start = System.nanoTime();
    long calls = 0;
    while (System.nanoTime() - start < TURN_SECONDS * 1e9) {
      runner.run(frames[(int) (calls++ % frames.length)]);
    }
    return (System.nanoTime() - start) / 1e3 / calls / steps;
  }

  private static float[][][] frames(WakeModel model, int steps) {
    Random random = new Random(2);
    float[][][] calls = new float[16][steps * model.network().stride()][model.network().inputs()];
    for (float[][] call : calls) {
      for (float[] frame : call) {
        for (int i = 0; i < frame.length; i++) {
          frame[i] = (float) random.nextGaussian();
        }
      }
    }
    return calls;
  }

  /** ONNX Runtime with buffers that stay; the states of one call are the next one's by turns. */
  private static final class OnnxRuntimeSteps implements Runner {
    private final OrtSession session;
    private final FloatBuffer window;
    private final float[] shifted;
    private final List<Map<String, OnnxTensor>> inputs = List.of(new HashMap<>(), new HashMap<>());
    private final List<Map<String, OnnxTensor>> outputs = List.of(new HashMap<>(), new HashMap<>());
    private int turn;

    OnnxRuntimeSteps(WakeModel model, int steps) throws OrtException {
      StreamingGraph graph = StreamingGraph.of(model.graph(), model.network());
      int bins = model.network().inputs();
      int frames = graph.window() + (steps - 1) * model.network().stride();
      window = floats(frames * bins);
      shifted = new float[(frames - steps * model.network().stride()) * bins];
      session = OnnxRuntime.session(graph.model());
      String posteriors = graph.model().getGraph().getOutput(0).getName();
      FloatBuffer given = floats(steps);
      for (StreamingGraph.State state : graph.states()) {
        OnnxTensor a = tensor(floats(state.units()), 1, 1, state.units());
        OnnxTensor b = tensor(floats(state.units()), 1, 1, state.units());
        inputs.get(0).put(state.in(), a);
        outputs.get(0).put(state.out(), b);
        inputs.get(1).put(state.in(), b);
        outputs.get(1).put(state.out(), a);
      }
      String frameInput =
          session.getInputNames().stream()
              .filter(name -> !inputs.get(0).containsKey(name))
              .findFirst()
              .orElseThrow();
      for (int t = 0; t < 2; t++) {
        inputs.get(t).put(frameInput, tensor(window, 1, frames, bins));
        outputs.get(t).put(posteriors, tensor(given, 1, steps, 1));
      }
    }

    private static FloatBuffer floats(int count) {
      return ByteBuffer.allocateDirect(count * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    private static OnnxTensor tensor(FloatBuffer values, long... shape) throws OrtException {
      return OnnxTensor.createTensor(OnnxRuntime.environment(), values, shape);
    }

    @Override
    public void run(float[][] frames) throws OrtException {
      window.get(window.capacity() - shifted.length, shifted).put(0, shifted);
      int at = shifted.length;
      for (float[] frame : frames) {
        window.put(at, frame);
        at += frame.length;
      }
      session.run(inputs.get(turn), outputs.get(turn)).close();
      turn = 1 - turn;
    }
  }
}
