// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs all audio samples through all shipped models in every mode: one stream, many streams, whole
 * clips, scalar and vector kernels, and every other Java that {@code -Drouse.javas=JAVA:JAVA}
 * names.
 */
class EveryWayTest {
  private static final double TOLERANCE = 1e-5;
  private static final Path SAMPLES = Path.of("audio-samples");

  @TempDir Path folder;

  /** Records the posteriors of each model, concatenated, and the events. */
  private record Recorded(Map<String, List<Float>> posteriors, List<String> events)
      implements DetectionHandler {
    Recorded() {
      this(new TreeMap<>(), new ArrayList<>());
    }

    @Override
    public void event(TriggerEvent e) {
      events.add(
          String.format("%s %d %d %d %.5f", e.model(), e.start(), e.end(), e.at(), e.score()));
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] values) {
      for (float value : values) {
        posteriors.computeIfAbsent(model.name(), name -> new ArrayList<>()).add(value);
      }
    }
  }

  @Test
  void everyModeGivesTheSameResult() throws IOException, InterruptedException {
    List<WakeModel> models = models();
    Map<Path, Recorded> oneByOne = new TreeMap<>();
    for (Path sample : samples()) {
      Recorded recorded = new Recorded();
      try (AudioFile file = AudioFile.open(sample);
          Detector detector = new Detector(models, file.sampleRate(), Engine.NATIVE, recorded)) {
        file.play(Channel.FIRST, detector);
        detector.finish();
      }
      oneByOne.put(sample, recorded);
    }
    assertEquals(oneByOne, inOnePool(models), "many streams at once");
    for (WakeModel model : models) {
      for (Path sample : samples()) {
        List<Float> streamed = oneByOne.get(sample).posteriors.get(model.name());
        assertEquals(streamed, whole(model, sample), model.name() + ", whole clip of " + sample);
      }
    }
    String here = ProcessHandle.current().info().command().orElseThrow();
    String others = System.getProperty("rouse.javas");
    List<String> vectors = List.of("--add-modules", "jdk.incubator.vector");
    List<String> events = inAnotherJava(here, vectors, oneByOne);
    assertEquals(events, inAnotherJava(here, List.of(), oneByOne));
    for (String java : others == null ? new String[0] : others.split(":", -1)) {
      assertEquals(events, inAnotherJava(java, List.of(), oneByOne));
      assertEquals(events, inAnotherJava(java, vectors, oneByOne));
    }
  }

  /** Runs all samples as streams of one pool. */
  private static Map<Path, Recorded> inOnePool(List<WakeModel> models) throws IOException {
    Map<Path, Recorded> all = new TreeMap<>();
    int streams = samples().size();
    try (DetectorPool pool = new DetectorPool(models, streams, Duration.ofMillis(5))) {
      List<DetectorPool.PooledStream> open = new ArrayList<>();
      List<float[]> sounds = new ArrayList<>();
      for (Path sample : samples()) {
        all.put(sample, new Recorded());
        try (AudioFile file = AudioFile.open(sample)) {
          open.add(pool.open(file.sampleRate(), all.get(sample)));
        }
        sounds.add(samples(sample));
      }
      boolean more = true;
      for (int at = 0; more; at += 1000) {
        more = false;
        for (int stream = 0; stream < streams; stream++) {
          int length = Math.min(1000, sounds.get(stream).length - at);
          if (length > 0) {
            open.get(stream).accept(sounds.get(stream), at, length);
            more = true;
          }
        }
      }
      open.forEach(DetectorPool.PooledStream::close);
    }
    return all;
  }

  private static List<Float> whole(WakeModel model, Path sample) throws IOException {
    List<float[]> frames = new ArrayList<>();
    Spectrogram spectrogram = new Spectrogram(model.features());
    try (AudioFile file = AudioFile.open(sample)) {
      Resampler resampler = new Resampler(file.sampleRate(), model.features().sampleRate());
      float[] sound = samples(sample);
      resampler.accept(
          sound,
          0,
          sound.length,
          (s, from, length) ->
              spectrogram.accept(s, from, length, (frame, level) -> frames.add(frame.clone())));
      resampler.finish(
          (s, from, length) ->
              spectrogram.accept(s, from, length, (frame, level) -> frames.add(frame.clone())));
    }
    List<Float> all = new ArrayList<>();
    for (float[] step : model.forward(frames.toArray(float[][]::new))) {
      for (float posterior : step) {
        all.add(posterior);
      }
    }
    return all;
  }

  /** Runs {@code scan} in another Java process; returns the events. */
  private List<String> inAnotherJava(
      String java, List<String> options, Map<Path, Recorded> expected)
      throws IOException, InterruptedException {
    String name = java + " " + options;
    Path to = Files.createTempDirectory(folder, "posteriors");
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.github.rouse.cli.Main", "scan", "--quiet", "--format", "jsonl"));
    command.addAll(List.of("--posteriors", to.toString(), SAMPLES.toString()));
    Path events = to.resolve("events.jsonl");
    Process scan =
        new ProcessBuilder(command)
            .redirectOutput(events.toFile())
            .redirectError(to.resolve("err").toFile())
            .start();
    assertEquals(0, scan.waitFor(), () -> name + ": " + read(to.resolve("err")));
    int raised = expected.values().stream().mapToInt(recorded -> recorded.events.size()).sum();
    assertEquals(raised, Files.readAllLines(events).size(), name);
    for (Map.Entry<Path, Recorded> one : expected.entrySet()) {
      String stem = one.getKey().getFileName().toString().replaceFirst("\\.[^.]*$", "");
      for (Map.Entry<String, List<Float>> model : one.getValue().posteriors.entrySet()) {
        FloatBuffer theirs =
            ByteBuffer.wrap(Files.readAllBytes(to.resolve(stem + "." + model.getKey() + ".f32")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        assertEquals(model.getValue().size(), theirs.remaining(), name + ", " + stem);
        for (float ours : model.getValue()) {
          double difference = Math.abs((double) ours - theirs.get());
          assertTrue(difference <= TOLERANCE, () -> name + ", " + stem + ": " + difference);
        }
      }
    }
    return Files.readAllLines(events);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static float[] samples(Path sample) throws IOException {
    float[][] all = {new float[0]};
    try (AudioFile file = AudioFile.open(sample)) {
      file.play(
          Channel.FIRST,
          (samples, from, length) -> {
            int before = all[0].length;
            all[0] = Arrays.copyOf(all[0], before + length);
            System.arraycopy(samples, from, all[0], before, length);
          });
    }
    return all[0];
  }

  private static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(f -> f.toString().matches(".*\\.(wav|flac|ogg)")).sorted().toList();
    }
  }

  private static List<WakeModel> models() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      List<WakeModel> models = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        models.add(WakeModel.read(file));
      }
      return models;
    }
  }
}
