// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.TinyNetworks;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a model's exports, run in plain ONNX Runtime, with the native engine. */
public final class Exports {
  private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

  private Exports() {}

  /**
   * Checks every export on one recording.
   *
   * @param samples at the model's rate
   */
  public static void check(WakeModel model, float[] samples, Path folder)
      throws IOException, OrtException {
    FeatureSpec spec = model.features();
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(spec)
        .accept(samples, 0, samples.length, (frame, level) -> frames.add(frame.clone()));
    float[][] expected = model.forward(frames.toArray(float[][]::new));
    float[] features = joined(frames);

    int first = model.network().firstStepFrames();
    int next = model.network().stride();
    int bins = spec.bins();
    int padding = model.network().layers().get(0) instanceof Conv1d c ? c.padding() : 0;
    Path file = folder.resolve("export.onnx");
    model.export(file, WeightType.FP32, true, false);
    assertClose(expected, run(file, padding, features, first, next, bins), 1e-4);
    model.export(file, WeightType.FP32, true, true);
    int firstSamples = spec.frameLength() + (first - 1) * spec.hop();
    int nextSamples = next * spec.hop();
    assertClose(expected, run(file, padding, samples, firstSamples, nextSamples, 0), 1e-3);
    assertClose(expected, run(file, padding, samples, firstSamples, 5 * nextSamples, 0), 1e-3);
    model.export(file, WeightType.FP32, false, false);
    assertClose(expected, run(file, padding, features, frames.size(), 1, bins), 1e-4);
    model.export(file, WeightType.FP32, false, true);
    assertClose(expected, run(file, padding, samples, samples.length, 1, 0), 1e-3);
  }

  /** Runs an export; {@code bins} is 0 for samples. */
  private static List<float[]> run(
      Path file, int padding, float[] input, int first, int next, int bins) throws OrtException {
    int width = Math.max(1, bins);
    List<float[]> posteriors = new ArrayList<>();
    try (OrtSession session = ORT.createSession(file.toString())) {
      Map<String, OnnxTensor> carried = starts(session, padding);
      int size = first;
      for (int at = 0; at + size * width <= input.length; ) {
        float[] part = Arrays.copyOfRange(input, at, at + size * width);
        at += size * width;
        size = next;
        long[] shape =
            bins == 0 ? new long[] {1, part.length} : new long[] {1, part.length / bins, bins};
        Map<String, OnnxTensor> inputs = new HashMap<>(carried);
        // Close after the run: the garbage collector must not free the samples during it.
        try (OnnxTensor in = tensor(part, shape);
            OrtSession.Result result =
                session.run(with(inputs, bins == 0 ? "pcm" : "features", in))) {
          posteriors.addAll(
              Arrays.asList(((float[][][]) result.get("posteriors").orElseThrow().getValue())[0]));
          for (String name : List.copyOf(carried.keySet())) {
            OnnxTensor out = (OnnxTensor) result.get(name.replace("_in", "_out")).orElseThrow();
            FloatBuffer copy = out.getFloatBuffer();
            float[] values = new float[copy.remaining()];
            copy.get(values);
            carried.put(name, tensor(values, out.getInfo().getShape()));
          }
        }
      }
    }
    return posteriors;
  }

  private static Map<String, OnnxTensor> with(
      Map<String, OnnxTensor> inputs, String name, OnnxTensor one) {
    inputs.put(name, one);
    return inputs;
  }

  private static Map<String, OnnxTensor> starts(OrtSession session, int padding)
      throws OrtException {
    Map<String, OnnxTensor> starts = new HashMap<>();
    for (NodeInfo input : session.getInputInfo().values()) {
      if (input.getName().startsWith("rouse_")) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        for (int i = 0; i < shape.length; i++) { // variable length: empty, except for padding
          shape[i] = shape[i] >= 0 ? shape[i] : input.getName().contains("context") ? padding : 0;
        }
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        starts.put(input.getName(), tensor(new float[count], shape));
      }
    }
    return starts;
  }

  private static OnnxTensor tensor(float[] values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(ORT, FloatBuffer.wrap(values), shape);
  }

  private static void assertClose(float[][] expected, List<float[]> actual, double tolerance) {
    assertTrue(actual.size() > 20, actual.size() + " steps");
    assertTrue(expected.length - actual.size() < 5, expected.length + " and " + actual.size());
    float[][] known = Arrays.copyOf(expected, actual.size());
    double difference = TinyNetworks.difference(known, actual.toArray(float[][]::new));
    assertTrue(difference < tolerance, difference + " over " + actual.size() + " steps");
  }

  private static float[] joined(List<float[]> rows) {
    int width = rows.get(0).length;
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return all;
  }
}
