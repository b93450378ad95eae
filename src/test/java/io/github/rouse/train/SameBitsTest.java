// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The processor determines the tile shape, not the result: posteriors and trained weights have the
 * same bits with every shape. Each shape runs in a separate JVM.
 */
class SameBitsTest {
  private static final String SAMPLE = "audio-samples/three-words.ogg";
  private static final int BATCHES = 20;
  private static final int CLIPS = 10; // not a multiple of a tile's rows
  private static final int FRAMES = 215;

  @Test
  void posteriorsAndTrainedWeightsDoNotDependOnTileShape() throws Exception {
    List<String> scalar = run();
    List<String> vector = run("--add-modules", "jdk.incubator.vector", "-Drouse.kernel.plain=0");
    List<String> late = // vectors in the middle of the first sound
        run("--add-modules", "jdk.incubator.vector", "-Drouse.kernel.plain=50000000");
    List<String> withoutAvx512 =
        run(
            "--add-modules",
            "jdk.incubator.vector",
            "-Drouse.kernel.plain=0",
            "-XX:+IgnoreUnrecognizedVMOptions", // on processors other than x86
            "-XX:UseAVX=2");
    assertNotEquals(scalar.get(0), vector.get(0)); // the kernels
    if (System.getProperty("os.arch").equals("amd64")) {
      assertTrue(withoutAvx512.get(0).contains("tiles of 12 x 8"), withoutAvx512.get(0));
    }
    assertEquals(scalar.subList(1, scalar.size()), vector.subList(1, vector.size()));
    assertEquals(scalar.subList(1, scalar.size()), late.subList(1, late.size()));
    assertEquals(scalar.subList(1, scalar.size()), withoutAvx512.subList(1, vector.size()));
  }

  private static List<String> run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SameBitsTest.class.getName());
    Process java =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    return said.lines().toList();
  }

  /** Prints the kernels in use, then a checksum of each model's posteriors and of a training. */
  public static void main(String[] args) throws IOException {
    System.out.println(Kernels.description());
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        System.out.println(file + " " + posteriors(WakeModel.read(file)));
      }
    }
    System.out.println("trained " + training());
  }

  private static long posteriors(WakeModel model) throws IOException {
    CRC32 checksum = new CRC32();
    DetectionHandler sink =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {}

          @Override
          public void posteriors(WakeModel of, long at, float[] posteriors) {
            add(checksum, posteriors);
          }
        };
    try (AudioFile file = AudioFile.open(Path.of(SAMPLE));
        Detector detector = new Detector(List.of(model), file.sampleRate(), Engine.NATIVE, sink)) {
      file.play(Channel.FIRST, detector);
      detector.finish();
    }
    return checksum.getValue();
  }

  private static long training() {
    SequenceBatch features = new SequenceBatch(FRAMES, CLIPS, 101);
    SequenceBatch labels = new SequenceBatch((FRAMES - 15) / 4 + 1, CLIPS, 1);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < features.data().length; i++) {
      features.data()[i] = (float) random.nextDouble(-1, 1);
    }
    for (int i = 0; i < labels.data().length; i++) {
      labels.data()[i] = random.nextInt(2);
    }
    SequenceBatch weights = new SequenceBatch(labels.steps(), CLIPS, 1);
    Arrays.fill(weights.data(), 1f);
    CRC32 checksum = new CRC32();
    try (WorkerPool workers = new WorkerPool(2)) {
      RouseClassic classic = new RouseClassic(features, labels, weights, workers);
      for (int i = 0; i < BATCHES; i++) {
        add(checksum, new float[] {(float) classic.batch()});
      }
      for (Parameter parameter : classic.network().parameters()) {
        add(checksum, parameter.value());
      }
    }
    return checksum.getValue();
  }

  private static void add(CRC32 checksum, float[] values) {
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      for (int shift = 0; shift < 32; shift += 8) {
        checksum.update(bits >>> shift);
      }
    }
  }
}
