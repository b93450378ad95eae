// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Exports;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares exports, run in plain ONNX Runtime, with the native engine. */
class PortableGraphTest {
  @TempDir Path folder;

  static Stream<FeatureSpec> specs() {
    return Stream.of(FeatureSpec.CLASSIC, FeatureSpec.LOG_MEL, FeatureSpec.PCEN, FeatureSpec.MFCC);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyExportGivesTheModelsPosteriors(FeatureSpec spec) throws Exception {
    Exports.check(TestModels.random("word", spec, 3), sound(spec.sampleRate()), folder);
  }

  @Test
  void exportsOfShippedModelsGiveTheirPosteriorsOnTheSamples() throws Exception {
    try (Stream<Path> models = Files.list(Path.of("models"))) {
      for (Path file : models.filter(f -> f.toString().endsWith(".onnx")).toList()) {
        WakeModel model = WakeModel.read(file);
        try (Stream<Path> sounds = Files.list(Path.of("audio-samples"))) {
          for (Path sound :
              sounds.filter(f -> f.toString().matches(".*\\.(wav|flac|ogg)")).toList()) {
            Exports.check(model, samples(sound, model.features().sampleRate()), folder);
          }
        }
      }
    }
  }

  @Test
  void theExampleDetectsTheWordWithoutRouse() throws Exception {
    WakeModel model = WakeModel.read(Path.of("models/jarvis.onnx"));
    Path step = folder.resolve("step.onnx");
    model.export(step, WeightType.FP32, true, true);
    Path sound = folder.resolve("sound.wav");
    int rate = model.features().sampleRate();
    float[] samples = samples(Path.of("audio-samples/jarvis-quiet.flac"), rate);
    try (WavWriter writer = new WavWriter(sound, rate, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
    String runtime =
        Path.of(OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process example =
        new ProcessBuilder(
                java, "-cp", runtime, "docs/examples/Detect.java", "" + step, "" + sound, "0.7")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String heard = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, example.waitFor());
    assertEquals(3, heard.lines().count(), heard);
  }

  private static float[] samples(Path sound, int sampleRate) throws IOException {
    FloatBuffer all = FloatBuffer.allocate(100 * sampleRate);
    try (AudioFile audio = AudioFile.open(sound)) {
      ChannelSelector mono =
          new ChannelSelector(Channel.FIRST, audio.channels(), audio.sampleRate());
      Resampler resampler = new Resampler(audio.sampleRate(), sampleRate);
      SampleSink sink = all::put;
      float[] frames = new float[4096 * audio.channels()];
      float[] samples = new float[4096];
      for (int read; (read = audio.read(frames, 4096)) >= 0; ) {
        mono.reduce(frames, read, samples);
        resampler.accept(samples, 0, read, sink);
      }
      resampler.finish(sink);
    }
    return Arrays.copyOf(all.array(), all.position());
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

  @Test
  void exportRejectsStreamingIfTheModelNeedsTheWholeClip() {
    Path file = folder.resolve("x.onnx");
    assertThrows(
        IllegalArgumentException.class,
        () -> TestModels.bidirectional().export(file, WeightType.FP32, true, false));
  }

  @Test
  void readingAnExportFails() throws IOException {
    Path file = folder.resolve("x.onnx");
    TestModels.random("word", FeatureSpec.PCEN, 3).export(file, WeightType.FP32, true, true);
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> WakeModel.read(file));
    assertTrue(e.getMessage().contains("export for other runtimes"), e.getMessage());
  }
}
