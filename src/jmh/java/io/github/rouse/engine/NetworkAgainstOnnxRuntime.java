// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.Engine;
import io.github.rouse.model.StepBenchmark;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.export.StreamingGraph;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The classic network here and in ONNX Runtime, turn by turn in one process: one step a call, four,
 * files one by one and eight at a time against whole clips, with one thread each; then two of our
 * threads against one. ONNX Runtime runs the streaming graph on buffers that stay where they are.
 */
public final class NetworkAgainstOnnxRuntime {
  private static final double TURN_SECONDS = 0.3;
  private static final int WARM_UP = 5; // pairs
  private static final int SCANNED = 16; // steps that a file scan computes at a time
  private static final int CLIP = 1375; // steps of ten seconds
  private static final int FILES = 8;
  private static final int FLOATS = 4_000_000; // of all calls' frames, about

  private final WakeModel model;
  private final int pairs;

  private NetworkAgainstOnnxRuntime(WakeModel model, int pairs) {
    this.model = model;
    this.pairs = pairs;
  }

  /** Runs several steps of several streams at once. */
  private interface Runner {
    /**
     * Runs.
     *
     * @param frames [streams][frames][bins]
     */
    void run(float[][][] frames) throws OrtException;
  }

  /** A runner and what it is given at a time. */
  private record Side(Runner runner, int streams, int steps) {}

  /** Compares the engines; the argument is the number of pairs. */
  public static void main(String[] args) throws Exception {
    new NetworkAgainstOnnxRuntime(StepBenchmark.classic(), Integer.parseInt(args[0])).compareAll();
  }

  private void compareAll() throws Exception {
    compare("1 step a call, of 1", rouse(1, 1), onnxRuntime(1, 1));
    compare("4 steps a call, of 4", rouse(1, 4), onnxRuntime(1, 4));
    compare("4 steps a call, of 1", rouse(1, 4), onnxRuntime(1, 1));
    compare("a file, of a whole clip", rouse(1, SCANNED), onnxRuntime(1, CLIP));
    compare("8 files at a time, of a whole clip", rouse(FILES, SCANNED), onnxRuntime(1, CLIP));
    compare("8 files, of 8 whole clips", rouse(FILES, SCANNED), onnxRuntime(FILES, CLIP));
    compareThreads();
  }

  private void compare(String what, Side ours, Side theirs) throws OrtException {
    double[] ratios = new double[pairs];
    double[] mine = new double[pairs];
    double[] other = new double[pairs];
    for (int pair = -WARM_UP; pair < pairs; pair++) {
      double a = microseconds(ours);
      double b = microseconds(theirs);
      if (pair >= 0) {
        mine[pair] = a;
        other[pair] = b;
        ratios[pair] = b / a;
      }
    }
    print(what + " of ONNX Runtime", mine, other, ratios);
  }

  private void compareThreads() throws Exception {
    double[] ratios = new double[pairs];
    double[] one = new double[pairs];
    double[] two = new double[pairs];
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Callable<Double>> both =
        List.of(turns(rouse(FILES, SCANNED)), turns(rouse(FILES, SCANNED)));
    for (int pair = -WARM_UP; pair < pairs; pair++) {
      double alone = both.get(Math.floorMod(pair, 2)).call();
      double rate = 0; // steps a microsecond
      for (Future<Double> each : threads.invokeAll(both)) {
        rate += 1 / each.get();
      }
      if (pair >= 0) {
        one[pair] = alone;
        two[pair] = 1 / rate;
        ratios[pair] = alone * rate;
      }
    }
    threads.shutdown();
    print("two threads with 8 files each, of one thread", two, one, ratios);
  }

  private Callable<Double> turns(Side side) {
    return () -> microseconds(side);
  }

  private static void print(String what, double[] mine, double[] other, double[] ratios) {
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f and %.1f us a step, %.2f times as fast (pairs %.2f to %.2f)%n",
        what,
        median(mine),
        median(other),
        median(ratios),
        ratios[0],
        ratios[ratios.length - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Side rouse(int streams, int steps) {
    PosteriorStreams network = model.start(Engine.NATIVE, streams);
    StepBatch given = new StepBatch();
    int stride = model.network().stride();
    Runner runner =
        frames -> {
          given.clear();
          for (int from = 0; from < frames[0].length; from += stride) { // as a detector does
            for (int stream = 0; stream < streams; stream++) {
              for (int i = from; i < from + stride; i++) {
                given.add(stream, frames[stream][i]);
              }
            }
          }
          network.run(given);
        };
    return new Side(runner, streams, steps);
  }

  private Side onnxRuntime(int streams, int steps) throws OrtException {
    return new Side(new OnnxRuntimeSteps(model, streams, steps), streams, steps);
  }

  /** Of one stream's step, over calls that take as long as a turn. */
  private double microseconds(Side side) throws OrtException {
    float[][][][] frames = frames(side);
    long start = System.nanoTime();
    long calls = 0;
    while (System.nanoTime() - start < TURN_SECONDS * 1e9) {
      side.runner.run(frames[(int) (calls++ % frames.length)]);
    }
    return (System.nanoTime() - start) / 1e3 / calls / side.steps / side.streams;
  }

  /** [calls][streams][frames][bins]. */
  private float[][][][] frames(Side side) {
    int frames = side.steps * model.network().stride();
    int calls = Math.min(16, 1 + FLOATS / (side.streams * frames * model.network().inputs()));
    Random random = new Random(2);
    float[][][][] all = new float[calls][side.streams][frames][model.network().inputs()];
    for (float[][][] call : all) {
      for (float[][] stream : call) {
        for (float[] frame : stream) {
          for (int i = 0; i < frame.length; i++) {
            frame[i] = (float) random.nextGaussian();
          }
        }
      }
    }
    return all;
  }

  /** ONNX Runtime with buffers that stay; the states of one call are the next one's by turns. */
  private static final class OnnxRuntimeSteps implements Runner {
    private final OrtSession session;
    private final int streams;
    private final int window; // floats of a stream
    private final FloatBuffer windows;
    private final float[] shifted;
    private final List<Map<String, OnnxTensor>> inputs = List.of(new HashMap<>(), new HashMap<>());
    private final List<Map<String, OnnxTensor>> outputs = List.of(new HashMap<>(), new HashMap<>());
    private int turn;

    OnnxRuntimeSteps(WakeModel model, int streams, int steps) throws OrtException {
      this.streams = streams;
      StreamingGraph graph = StreamingGraph.of(model.graph(), model.network());
      int bins = model.network().inputs();
      int frames = graph.window() + (steps - 1) * model.network().stride();
      window = frames * bins;
      windows = floats(streams * window);
      shifted = new float[(frames - steps * model.network().stride()) * bins];
      session = Ort.session(batched(graph.model(), streams));
      String posteriors = graph.model().getGraph().getOutput(0).getName();
      FloatBuffer given = floats(streams * steps);
      for (StreamingGraph.State state : graph.states()) {
        OnnxTensor a = tensor(floats(streams * state.units()), 1, streams, state.units());
        OnnxTensor b = tensor(floats(streams * state.units()), 1, streams, state.units());
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
        inputs.get(t).put(frameInput, tensor(windows, streams, frames, bins));
        outputs.get(t).put(posteriors, tensor(given, streams, steps, 1));
      }
    }

    /**
     * The graph for several streams: the first axis of frames and posteriors, the states' second.
     */
    private static ModelProto batched(ModelProto model, int streams) {
      ModelProto.Builder builder = model.toBuilder();
      GraphProto.Builder graph = builder.getGraphBuilder();
      List<ValueInfoProto.Builder> ends = new ArrayList<>(graph.getInputBuilderList());
      ends.addAll(graph.getOutputBuilderList());
      for (ValueInfoProto.Builder end : ends) {
        int axis = end.getName().startsWith("rouse_state_") ? 1 : 0;
        end.getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder()
            .getDimBuilder(axis)
            .setDimValue(streams);
      }
      return builder.build();
    }

    private static FloatBuffer floats(int count) {
      return ByteBuffer.allocateDirect(count * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    private static OnnxTensor tensor(FloatBuffer values, long... shape) throws OrtException {
      return OnnxTensor.createTensor(Ort.environment(), values, shape);
    }

    @Override
    public void run(float[][][] frames) throws OrtException {
      for (int stream = 0; stream < streams; stream++) {
        int at = stream * window;
        windows.get(at + window - shifted.length, shifted).put(at, shifted);
        at += shifted.length;
        for (float[] frame : frames[stream]) {
          windows.put(at, frame);
          at += frame.length;
        }
      }
      session.run(inputs.get(turn), outputs.get(turn)).close();
      turn = 1 - turn;
    }
  }
}
