// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Rouse;
import io.github.rouse.TestModels;
import io.github.rouse.VerifiedModels;
import io.github.rouse.actions.Marks;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.WakeModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReviewCommandTest {
  private static final Path SHIPPED = Path.of("models/computer.onnx");
  private static final Path COMMUTER = Path.of("audio-samples/none-like-computer-alexa.ogg");
  private static final Path KITCHEN = Path.of("audio-samples/computer-kitchen.ogg");

  @TempDir Path folder;
  private Path clips;
  private Path model;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void copyModel() throws IOException {
    clips = Files.createDirectory(folder.resolve("clips"));
    model = folder.resolve("computer.onnx");
    Files.copy(SHIPPED, model);
  }

  /** Writes a clip of some seconds of a file, as if it was saved. */
  private Path clip(String name, Path file, double start, double end) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      int rate = audio.sampleRate();
      Path clip = clips.resolve(name);
      try (WavWriter wav = new WavWriter(clip, rate, 1)) {
        long[] at = {0};
        List<IOException> problems = new ArrayList<>();
        audio.play(
            Channel.AUTO,
            (samples, from, length) -> {
              int first = (int) Math.max(0, Math.round(start * rate) - at[0]);
              int last = (int) Math.min(length, Math.round(end * rate) - at[0]);
              at[0] += length;
              try {
                wav.write(samples, from + first, Math.max(0, last - first));
              } catch (IOException e) {
                problems.add(e);
              }
            });
        assertEquals(List.of(), problems);
        wav.commit();
      }
      return clip;
    }
  }

  private void mark(Path clip, boolean isRight) throws IOException {
    Marks.add(clips, clip.getFileName().toString(), "computer", isRight);
  }

  private int events(Path file, Path clip) throws IOException {
    return Rouse.scan(WakeModel.read(file), clip).size();
  }

  private List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> !n.equals("clips"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aMistakeIsLearntAndTheLessonUndone() throws IOException {
    Path wrong = clip("commuter.wav", COMMUTER, 0, 2.3);
    Path right = clip("kitchen.wav", KITCHEN, 0, 2.4);
    mark(wrong, false);
    mark(right, true);
    assertEquals(1, events(model, wrong));
    assertEquals(0, terminal.run("review", clips, "--improve", model), terminal.err().toString());
    assertEquals(0, events(model, wrong));
    assertEquals(1, events(model, right));
    assertTrue(
        terminal.out().get(0).startsWith("computer: 1 of 1 false alarms rejected (0 before)"),
        terminal.out().toString());
    assertEquals(List.of("computer.onnx", "computer.onnx.1"), models());
    WakeModel learnt = WakeModel.read(model);
    assertEquals(
        "computer: 1 wrong, 1 right", learnt.provenance().facts().get("learnt from marks"));
    assertEquals(WakeModel.read(SHIPPED).policy(), learnt.policy());
    assertTrue(learnt.calibration().isPresent());

    assertEquals(ExitCode.FAILED, terminal.run("review", clips, "--improve", model));
    assertTrue(terminal.err().toString().contains("no better"), terminal.err().toString());
    assertEquals(0, terminal.run("review", "--undo", model));
    assertArrayEquals(Files.readAllBytes(SHIPPED), Files.readAllBytes(model));
    assertEquals(List.of("computer.onnx"), models());
  }

  @Test
  void aModelThatWouldMissPeopleIsNotWritten() throws IOException {
    Path loud = folder.resolve("loud.onnx");
    WakeModel before = VerifiedModels.loudness(3, 0.5f);
    before.write(loud);
    int rate = before.features().sampleRate();
    for (int i = 0; i < 11; i++) { // the last sounds like the others
      String name = i + ".wav";
      float[] sound = TestModels.bursts(rate, 2, 0.8 + 0.01 * (i % 10));
      try (WavWriter wav = new WavWriter(clips.resolve(name), rate, 1)) {
        wav.write(sound, 0, sound.length);
        wav.commit();
      }
      Marks.add(clips, name, "loud", i < 10);
    }
    byte[] bytes = Files.readAllBytes(loud);
    assertEquals(ExitCode.FAILED, terminal.run("review", clips, "--improve", loud));
    assertArrayEquals(bytes, Files.readAllBytes(loud));
    assertEquals(List.of("computer.onnx", "loud.onnx"), models());
    assertEquals(1, terminal.err().size(), terminal.err().toString());
    assertTrue(
        terminal.err().get(0).contains("0 of 1 false alarms rejected (0 before), 10 of 10 right"),
        terminal.err().toString());
  }

  @Test
  void anotherOutputLeavesTheModelAlone() throws IOException {
    mark(clip("commuter.wav", COMMUTER, 0, 2.3), false);
    Path out = folder.resolve("next.onnx");
    assertEquals(0, terminal.run("review", clips, "--improve", model, "--out", out));
    assertArrayEquals(Files.readAllBytes(SHIPPED), Files.readAllBytes(model));
    assertEquals(List.of("computer.onnx", "next.onnx"), models());
    for (Path taken : List.of(out, model)) {
      assertEquals(
          ExitCode.WRONG_USAGE, terminal.run("review", clips, "--improve", model, "--out", taken));
    }
  }

  @Test
  void aWordThatNobodyElseSaysNeedsRightClips() throws IOException {
    Path loud = folder.resolve("loud.onnx");
    VerifiedModels.loudness(3, 0.5f).write(loud);
    Path clip = clip("a.wav", KITCHEN, 0, 2.4);
    Marks.add(clips, clip.getFileName().toString(), "loud", false);
    assertEquals(ExitCode.FAILED, terminal.run("review", clips, "--improve", loud));
    assertTrue(
        terminal.err().get(0).contains("mark at least 10 clips right"), terminal.err().toString());
    TestModels.loudness("loud").write(loud);
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("review", clips, "--improve", loud));
    assertTrue(terminal.err().get(1).contains("no second look"), terminal.err().toString());
  }

  @Test
  void withoutATerminalMarksAreCounted() throws IOException {
    mark(clip("a.wav", KITCHEN, 0, 1), true);
    mark(clip("b.wav", KITCHEN, 0, 1), false);
    clip("c.wav", KITCHEN, 0, 1);
    assertEquals(0, terminal.run("review", clips));
    assertEquals(List.of("computer: 1 right, 1 wrong", "unmarked: 1"), terminal.out());
    Files.writeString(clips.resolve(Marks.FILE), "oops\n");
    assertEquals(ExitCode.FAILED, terminal.run("review", clips));
    assertEquals(
        List.of("rouse: " + clips.resolve(Marks.FILE) + ", line 1: is not a JSON object"),
        terminal.err());
  }

  @Test
  void whatIsAskedForIsChecked() {
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("review"));
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("review", clips, "--out", model));
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("review", clips, "--undo", model));
    assertEquals(ExitCode.FAILED, terminal.run("review", folder.resolve("nowhere")));
    assertEquals(ExitCode.FAILED, terminal.run("review", "--undo", model));
    assertTrue(
        terminal.err().get(4).contains("has no previous version"), terminal.err().toString());
  }

  @Test
  void aPersonHearsClipsAndMarksThem() throws IOException {
    for (String name : List.of("a.wav", "b.wav", "c.wav", "d.wav")) {
      clip(name, KITCHEN, 0, 1);
    }
    List<String> played = new ArrayList<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
    byte[] answers = "y\nagain\nwhat\nN\nquit\n".getBytes(StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(answers), both, both, true, true);
    ReviewCommand command =
        new ReviewCommand(console, clip -> played.add(clip.getFileName().toString()));
    assertEquals(0, new CommandLine(command).execute(clips.toString()));
    assertEquals(List.of("a.wav", "b.wav", "b.wav", "c.wav"), played);
    List<String> lines = Files.readAllLines(clips.resolve(Marks.FILE));
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).contains("\"a.wav\",\"mark\":\"right\""), lines.get(0));
    assertTrue(lines.get(1).contains("\"b.wav\",\"mark\":\"wrong\""), lines.get(1));
    assertFalse(Files.exists(clips.resolve("right")));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("unmarked: 2"));
  }
}
