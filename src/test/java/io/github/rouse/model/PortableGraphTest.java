package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.rouse.TestModels;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exports, run by ONNX Runtime alone, against the native engine. */
class PortableGraphTest {
  private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();
  @TempDir Path folder;

  static Stream<FeatureSpec> specs() {
    return Stream.of(FeatureSpec.CLASSIC, FeatureSpec.LOG_MEL, FeatureSpec.PCEN, FeatureSpec.MFCC);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyExportGivesThePosteriorsOfTheModel(FeatureSpec spec) throws Exception {
    WakeModel model = TestModels.random("word", spec, 3);
    float[] samples = sound(spec.sampleRate());
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(spec)
        .accept(samples, 0, samples.length, (frame, level) -> frames.add(frame.clone()));
    float[][] expected = model.forward(frames.toArray(float[][]::new));

    int first = model.network().firstStepFrames();
    int next = model.network().stride();
    float[] features = joined(frames);
    assertClose(expected, run(model, true, false, features, first, next, spec.bins()), 1e-4);
    assertClose(expected, run(model, false, false, features, frames.size(), 1, spec.bins()), 1e-4);

    int firstSamples = spec.frameLength() + (first - 1) * spec.hop();
    int nextSamples = next * spec.hop();
    assertClose(expected, run(model, true, true, samples, firstSamples, nextSamples, 0), 1e-3);
    assertClose(expected, run(model, true, true, samples, firstSamples, 5 * nextSamples, 0), 1e-3);
    assertClose(expected, run(model, false, true, samples, samples.length, 1, 0), 1e-3);
  }

  /** Feeds an export; {@code bins} of 0: samples. */
  private List<float[]> run(
      WakeModel model,
      boolean streaming,
      boolean frontEnd,
      float[] input,
      int first,
      int next,
      int bins)
      throws IOException, OrtException {
    Path file = folder.resolve("export.onnx");
    model.export(file, streaming, frontEnd);
    int width = Math.max(1, bins);
    List<float[]> posteriors = new ArrayList<>();
    try (OrtSession session = ORT.createSession(file.toString())) {
      Map<String, OnnxTensor> carried = starts(session);
      int size = first;
      for (int at = 0; at + size * width <= input.length; ) {
        float[] part = Arrays.copyOfRange(input, at, at + size * width);
        at += size * width;
        size = next;
        Map<String, OnnxTensor> inputs = new HashMap<>(carried);
        inputs.put(
            frontEnd ? "pcm" : "features",
            tensor(
                part,
                frontEnd ? new long[] {1, part.length} : new long[] {1, part.length / bins, bins}));
        try (OrtSession.Result result = session.run(inputs)) {
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

  private static Map<String, OnnxTensor> starts(OrtSession session) throws OrtException {
    Map<String, OnnxTensor> starts = new HashMap<>();
    for (NodeInfo input : session.getInputInfo().values()) {
      if (input.getName().startsWith("rouse_")) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        for (int i = 0; i < shape.length; i++) {
          shape[i] = Math.max(0, shape[i]); // any length: none yet
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
    for (int t = 0; t < actual.size(); t++) {
      for (int w = 0; w < expected[t].length; w++) {
        assertEquals(expected[t][w], actual.get(t)[w], tolerance, "step " + t);
      }
    }
  }

  private static float[] sound(int sampleRate) {
    Random random = new Random(4);
    float[] samples = new float[2 * sampleRate];
    for (int i = 0; i < samples.length; i++) {
      double loud = 0.5 + 0.5 * Math.sin(7.0 * i / sampleRate);
      samples[i] = (float) (0.1 * loud * loud * random.nextGaussian());
    }
    return samples;
  }

  private static float[] joined(List<float[]> rows) {
    int width = rows.get(0).length;
    float[] all = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * width, width);
    }
    return all;
  }

  @Test
  void aModelThatNeedsTheWholeClipIsNotStreamed() {
    Path file = folder.resolve("x.onnx");
    assertThrows(
        IllegalArgumentException.class, () -> TestModels.bidirectional().export(file, true, false));
  }

  @Test
  void anExportIsNoModelOfRouse() throws IOException {
    Path file = folder.resolve("x.onnx");
    TestModels.random("word", FeatureSpec.PCEN, 3).export(file, true, true);
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> WakeModel.read(file));
    assertTrue(e.getMessage().contains("export for other runtimes"), e.getMessage());
  }
}
