// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.options.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --channel} of the commands that read recordings. */
class ChannelOptionTest {
  private static final int RATE = 16_000;

  @TempDir Path folder;
  private Path model;
  private Path call; // bursts of sound in the second channel, noise in the first
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void record() throws IOException {
    model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    float[] left = TestModels.bursts(RATE, 18);
    float[] right = TestModels.bursts(RATE, 18, 2, 5, 8, 11, 14);
    call = stereo("call.wav", left, right);
  }

  private Path stereo(String name, float[] left, float[] right) throws IOException {
    float[] frames = new float[2 * left.length];
    for (int i = 0; i < left.length; i++) {
      frames[2 * i] = left[i];
      frames[2 * i + 1] = right[i];
    }
    Path file = folder.resolve(name);
    try (WavWriter writer = new WavWriter(file, RATE, 2)) {
      writer.write(frames, 0, frames.length);
      writer.commit();
    }
    return file;
  }

  private JsonObject eval(String channel) {
    Terminal one = new Terminal();
    assertEquals(
        0,
        one.run(
            "eval",
            model,
            "--positives",
            call,
            "--negatives",
            call,
            "--format",
            "json",
            "--channel",
            channel),
        one.err()::toString);
    return JsonParser.parseString(one.out().get(0)).getAsJsonObject();
  }

  @Test
  void evalCountsTheChannelAskedFor() {
    assertEquals(1, eval("auto").get("positives").getAsInt());
    assertEquals(2, eval("each").get("positives").getAsInt());
    double hours = eval("auto").get("negative_hours").getAsDouble();
    assertEquals(2 * hours, eval("each").get("negative_hours").getAsDouble(), 1e-9);
    assertEquals("1.0", missRate("1"));
    assertEquals("0.0", missRate("2"));
    assertEquals("0.5", missRate("each"));
  }

  private String missRate(String channel) {
    JsonObject point = eval(channel).getAsJsonArray("points").get(0).getAsJsonObject();
    return point.get("miss_rate").getAsString();
  }

  private int tune(Terminal on, Object channel) {
    return on.run("tune", model, "--negatives", call, "--channel", channel);
  }

  @Test
  void tuneHearsTheChannelAskedFor() {
    assertEquals(ExitCode.FAILED, tune(terminal, 1));
    assertTrue(terminal.err().get(0).contains("0 false alarms in"), terminal.err()::toString);
    for (Object channel : new Object[] {2, "each"}) {
      Terminal other = new Terminal();
      assertEquals(0, tune(other, channel), other.err()::toString);
    }
  }

  @Test
  void aMissingChannelIsNamedWithItsFile() {
    assertEquals(ExitCode.FAILED, tune(terminal, 3));
    assertEquals(
        List.of(
            "rouse: " + call + ": channel=3, but the sound has 2 channels",
            "rouse: no sound in the negatives"),
        terminal.err());
  }

  @Test
  void verifyComparesEachChannel() {
    assertEquals(0, terminal.run("verify", model, call, "--channel", "each"));
    assertEquals(3, terminal.out().size(), terminal.out()::toString);
    assertTrue(terminal.out().get(1).startsWith(call + "#channel=2  "), terminal.out()::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"train --word w --positives DIR", "enroll MODEL --recordings DIR --word w"})
  void aRecordingOfAWordIsOneSound(String command) {
    String line = command.replace("MODEL", model.toString()).replace("DIR", folder.toString());
    String[] words = (line + " --out " + folder + "/new.onnx --channel each").split(" ");
    assertEquals(ExitCode.WRONG_USAGE, terminal.run((Object[]) words));
    assertEquals(
        List.of(
            "rouse: channel=each, expected auto, N, mix or best: a recording of a word counts once,"
                + " and a channel may lack the word"),
        terminal.err());
  }

  @Test
  void theOptionOverridesTheRecipe() throws IOException {
    Path up = Files.createDirectories(folder.resolve("up"));
    Files.copy(call, up.resolve("a-1.wav"));
    Files.copy(call, up.resolve("b-1.wav"));
    Path recipe = folder.resolve("r.yaml");
    Files.writeString(recipe, "words: {up: up}\nnegatives: [up]\nchannel: 3\n");
    Object[] words = {"train", recipe, "--out", folder.resolve("m.onnx"), "--channel", 4};
    assertEquals(ExitCode.FAILED, terminal.run(words));
    assertTrue(terminal.err().get(0).endsWith("a-1.wav: channel=4, but the sound has 2 channels"));
  }
}
