// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestEncoders;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.file.OutputLock;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {

  @TempDir Path folder;

  private final Terminal terminal = new Terminal();

  @Test
  void resumeDoesNotRestartACompleteTraining() throws IOException {
    Path out = folder.resolve("m.onnx");
    Files.createFile(folder.resolve("m.onnx.trained"));
    Object[] words = {
      "train",
      "--word",
      "up",
      "--positives",
      folder,
      "--negatives",
      folder,
      "--out",
      out,
      "--resume"
    };
    assertEquals(ExitCode.WRONG_USAGE, terminal.run(words));
    assertTrue(terminal.err().get(0).contains("training is complete"), terminal.err().get(0));
    assertFalse(Files.exists(folder.resolve("m.yaml")));
  }

  @Test
  void aModelIsNotReplacedWithoutForce() throws IOException {
    Path out = Files.writeString(folder.resolve("m.onnx"), "a model");
    Object[] words = {"train", "--word", "up", "--positives", folder, "--out", out};
    assertEquals(ExitCode.WRONG_USAGE, terminal.run(words));
    Path base = Files.createFile(folder.resolve("base.onnx"));
    Object[] more = {"enroll", base, "--recordings", folder, "--out", out};
    assertEquals(ExitCode.WRONG_USAGE, terminal.run(more));
    String exists = "rouse: " + out + " exists: choose another --out, or add --force";
    assertEquals(List.of(exists, exists), terminal.err());
    assertEquals("a model", Files.readString(out));
  }

  @Test
  void aSecondTrainingToTheSameFileIsRefused() throws IOException {
    Path out = folder.resolve("m.onnx");
    Object[] words = {"train", "--word", "up", "--positives", folder, "--out", out};
    try (OutputLock first = new OutputLock(out)) {
      assertEquals(ExitCode.FAILED, terminal.run(words), first::toString);
    }
    assertEquals(List.of("rouse: " + out + ": another run is writing it"), terminal.err());
    Terminal second = new Terminal();
    second.run(words);
    assertEquals(List.of("rouse: " + folder + ": contains no audio files"), second.err());
    assertFalse(Files.exists(folder.resolve(".m.onnx.lock")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "words: {up: none}",
        "task: encoder\nsounds: none\nteacher: [mel.onnx, embedding.onnx]",
        "task: verifier\nmodel: m.onnx\nencoder: e.onnx\nwords: {up: none}"
      })
  void anEarlierKeyIsReportedOnce(String recipe) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(file, "schedule: {carried: 0.25}\n" + recipe + "\n");
    terminal.run("train", file, "--out", folder.resolve("o.onnx"), "--quiet");
    assertEquals(
        List.of("rouse: " + file + ": line 1: schedule.carried is now schedule.statefulClips"),
        terminal.err().stream().filter(line -> line.contains("is now")).toList());
  }

  @Test
  void withoutNegativesAHeadIsTrainedOnTheShippedEncoder() throws IOException {
    Path encoders = Files.createDirectories(folder.resolve("models/multi"));
    Path encoder = encoders.resolve("words.onnx");
    TestEncoders.random(1).write(encoder, WeightType.FP32);
    Path other = folder.resolve("other");
    TestEncoders.backwards(other);
    Path bank = encoders.resolve("words.bank");
    assertEquals(0, terminal.run("embed", encoder, "--negatives", other, "--out", bank));
    String home = System.getProperty("rouse.home");
    System.setProperty("rouse.home", folder.toString());
    try {
      Path out = folder.resolve("m.onnx");
      Path few = Files.createDirectories(folder.resolve("few"));
      Files.writeString(few.resolve("text.wav"), "no sound");
      EnrollCommandTest.writeWords(few);
      Object[] words = {"train", "--word", "w", "--positives", few, "--out", out};
      assertEquals(ExitCode.FAILED, terminal.run(words), "a file was left out");
      assertEquals(List.of("w"), WakeModel.read(out).words());
      List<String> said = terminal.err();
      assertTrue(said.stream().anyMatch(l -> l.contains("no --negatives: training")), "" + said);
      assertEquals(1, said.stream().filter(l -> l.contains("skipped: ")).count(), "" + said);
    } finally {
      if (home == null) {
        System.clearProperty("rouse.home");
      } else {
        System.setProperty("rouse.home", home);
      }
    }
  }
}
