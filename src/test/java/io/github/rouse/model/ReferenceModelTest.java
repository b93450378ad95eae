// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsShared;
import io.github.rouse.Shared;
import io.github.rouse.Slow;
import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.keras.KerasReader;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the well-known "activate" model, imported from Keras, with posteriors computed in
 * float64.
 */
@NeedsShared
class ReferenceModelTest {
  // Measured, all clips: spectrogram equal; native 1.3e-6; ONNX Runtime 3.5e-6, streamed alike.
  private static final double TOLERANCE = 1e-4;

  @TempDir static Path dir;
  private static WakeModel model;

  @BeforeAll
  static void importFromKeras() throws IOException {
    ImportedNetwork imported = KerasReader.read(reference("model.h5"), reference("model.json"));
    assertEquals("imported from model.h5 (Keras 2.4.0)", imported.source());
    Path file = dir.resolve("activate.onnx");
    new WakeModel(
            "activate",
            List.of("activate"),
            FeatureSpec.CLASSIC,
            TriggerPolicy.DEFAULT,
            imported.network(),
            Provenance.of(imported.source()))
        .write(file);
    model = WakeModel.read(file);
  }

  @Test
  void theImportedNetworkHasTheClassicShape() {
    assertEquals(15, model.network().firstStepFrames());
    assertEquals(4, model.network().stride());
    assertEquals(523_329, model.network().parameters());
  }

  @Test
  void theNetworkGivesTheGoldenPosteriors() throws IOException {
    FloatBuffer flat = floats("golden/random.spectrogram.f32");
    float[][] frames = new float[flat.remaining() / 101][101];
    for (float[] frame : frames) {
      flat.get(frame);
    }
    check("random", frames);
  }

  @Test
  void theClassicFeaturesMatchTheGoldenOnes() throws IOException {
    for (Map.Entry<String, String> clip : clips().entrySet()) {
      float[][] frames = spectrogram(clip.getValue());
      assertEquals(5511, frames.length);
      FloatBuffer golden = floats("golden/" + clip.getKey() + ".spectrogram-first64.f32");
      double largest = 0;
      for (int t = 0; t < 64; t++) {
        for (int k = 0; k < 101; k++) {
          double expected = golden.get();
          // Below a millionth of one squared sample step, even float64 holds only noise.
          double difference = Math.abs(frames[t][k] - expected) / Math.max(expected, 1e-6);
          largest = Math.max(largest, difference);
        }
      }
      assertTrue(largest < TOLERANCE, clip.getKey() + ": " + largest);
    }
  }

  @Slow
  @Test
  void wholeClipsGiveTheGoldenPosteriors() throws IOException {
    for (Map.Entry<String, String> clip : clips().entrySet()) {
      check(clip.getKey(), spectrogram(clip.getValue()));
    }
  }

  @Slow
  @Test
  void exportsGiveTheModelsPosteriors() throws Exception {
    for (String wav : clips().values()) {
      Exports.check(model, firstChannel(reference(wav)), dir);
    }
  }

  private static void check(String name, float[][] frames) throws IOException {
    FloatBuffer flat = floats("golden/" + name + ".probability.f32");
    float[][] golden = new float[flat.remaining()][1];
    for (float[] step : golden) {
      flat.get(step);
    }
    float[][] whole = model.forward(frames);
    double streamed;
    try (PosteriorStreams stream = model.start(Engine.ONNXRUNTIME, 1)) {
      streamed = TinyNetworks.difference(golden, TinyNetworks.streamed(stream, frames));
    }
    double ours = TinyNetworks.difference(golden, whole);
    double theirs = TinyNetworks.difference(golden, OnnxRuntime.forward(model, frames));
    assertTrue(ours < TOLERANCE, name + ": native " + ours);
    assertTrue(theirs < TOLERANCE, name + ": ONNX Runtime " + theirs);
    assertTrue(streamed < TOLERANCE, name + ": ONNX Runtime streamed " + streamed);
    float[][] live = TinyNetworks.streamed(model.start(Engine.NATIVE, 1), frames);
    assertEquals(0, TinyNetworks.difference(whole, live));
  }

  private static Map<String, String> clips() {
    Map<String, String> clips = new LinkedHashMap<>();
    for (String name :
        List.of("example_train", "insert_reference", "my_audio", "train_reference")) {
      clips.put("audio-" + name, "audio/" + name + ".wav");
    }
    clips.put("dev-1", "raw_data/dev/1.wav");
    clips.put("dev-2", "raw_data/dev/2.wav");
    return clips;
  }

  private static float[][] spectrogram(String wav) throws IOException {
    float[] samples = firstChannel(reference(wav));
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(FeatureSpec.CLASSIC)
        .accept(samples, 0, samples.length, (frame, level) -> frames.add(frame.clone()));
    return frames.toArray(float[][]::new);
  }

  /** The first channel of a 16-bit WAV. */
  private static float[] firstChannel(Path wav) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
    int channels = 0;
    bytes.position(12);
    while (true) {
      int id = bytes.getInt();
      int size = bytes.getInt();
      if (id == 0x20746d66) { // "fmt "
        channels = bytes.getShort(bytes.position() + 2);
        assertEquals(16, bytes.getShort(bytes.position() + 14));
      } else if (id == 0x61746164) { // "data"
        ShortBuffer values =
            bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[values.remaining() / channels];
        for (int i = 0; i < samples.length; i++) {
          samples[i] = values.get(i * channels) / 32768f;
        }
        return samples;
      }
      bytes.position(bytes.position() + size + size % 2);
    }
  }

  private static Path reference(String name) {
    return Shared.file("reference-activate/" + name);
  }

  private static FloatBuffer floats(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(reference(name));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
