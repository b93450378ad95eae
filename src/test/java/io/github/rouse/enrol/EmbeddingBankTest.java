// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestEncoders;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.train.data.AudioCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingBankTest {
  private static final SpeechEncoder SPEECH = TestEncoders.random(1);
  private static final Path SAMPLE = Path.of("audio-samples/alexa-office.ogg");
  private static final Path TALK = Path.of("audio-samples/story-with-words.ogg");

  @TempDir Path folder;

  private static EmbeddingBank heard(List<String> problems, Path... files) throws IOException {
    return EmbeddingBank.of(
        SPEECH,
        List.of(files),
        Channel.AUTO,
        new EmbeddingBank.Progress() {
          @Override
          public void leftOut(IOException problem) {
            problems.add(problem.getMessage());
          }

          @Override
          public void heard(int files, int all) {}
        });
  }

  @Test
  void stepsAreNearTheEncoders() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    Encoder encoder = bank.on(SPEECH);
    float[] samples;
    try (AudioCache sounds = AudioCache.temporary(16_000)) {
      AudioCache.Sound sound = sounds.add(SAMPLE, AudioCache.decode(SAMPLE, Channel.AUTO, 16_000));
      samples = sound.part(0, sound.length());
    }
    float[][] steps = encoder.embed(samples);
    assertEquals((samples.length / 16_000.0 + 0.3) / 3600, bank.hours(), 2e-4);
    float[] decoded = bank.decoded();
    double error = 0;
    double power = 0;
    for (int t = 0; t < steps.length - BlockCode.STEPS; t++) {
      for (int u = 0; u < bank.units(); u++) {
        error += Math.pow(decoded[t * bank.units() + u] - steps[t][u], 2);
        power += Math.pow(steps[t][u], 2);
      }
    }
    assertTrue(error < 0.8 * power, error / power + " of the power is lost");
  }

  @Test
  void aWrittenBankIsReadBack() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    Path file = folder.resolve("x.bank");
    bank.write(file);
    EmbeddingBank read = EmbeddingBank.read(file);
    assertArrayEquals(bank.decoded(), read.decoded());
    assertEquals(SPEECH.sha256(), read.encoderSha256());
    assertEquals(bank.hours(), read.hours());
    assertArrayEquals(
        bank.on(SPEECH).embed(new float[16_000]), read.on(SPEECH).embed(new float[16_000]));
  }

  @Test
  void aBankOfAnotherEncoderIsRejected() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    SpeechEncoder other = TestEncoders.random(2);
    assertThrows(IllegalArgumentException.class, () -> bank.on(other));
  }

  @Test
  void aDamagedBankIsRejectedNamingTheFile() throws IOException {
    Path file = folder.resolve("x.bank");
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    bank.write(file);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(2);
    for (int i = 0; i < 60; i++) {
      Files.write(file, Arrays.copyOf(whole, i < 30 ? i : random.nextInt(whole.length)));
      ModelFormatException refused =
          assertThrows(ModelFormatException.class, () -> EmbeddingBank.read(file), "" + i);
      assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
    }
    for (int flip = 0; flip < 100; flip++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        assertArrayEquals(bank.decoded(), EmbeddingBank.read(file).decoded()); // an unused bit
      } catch (ModelFormatException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      }
    }
  }

  @Test
  void undecodableFilesAreSkippedAndReportedOnce() throws IOException {
    Path text = Files.writeString(folder.resolve("text.wav"), "no sound");
    List<String> problems = new ArrayList<>();
    int steps = heard(new ArrayList<>(), SAMPLE, TALK).steps();
    assertEquals(steps, heard(problems, text, SAMPLE, TALK).steps());
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith(text + ": "), problems.get(0));
    assertThrows(IOException.class, () -> heard(problems, text));
  }

  @Test
  void stepsOfTheBankStayWhenQuantisedAgain() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    float[] steps = bank.decoded();
    float[][] held = new float[2 * BlockCode.STEPS + 4][];
    for (int t = 0; t < held.length; t++) {
      held[t] = Arrays.copyOfRange(steps, t * bank.units(), (t + 1) * bank.units());
    }
    float[][] again = bank.quantised(held, 0);
    for (int t = 0; t < held.length; t++) {
      assertArrayEquals(held[t], again[t], 1e-4f);
    }
    float[][] shifted = bank.quantised(held, 3);
    assertSame(held[2], shifted[2]);
    assertNotEquals(held[5][0], shifted[5][0]);
    assertSame(held[held.length - 1], shifted[held.length - 1]);
  }

  @Test
  void partsFollowEachOther() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    assertEquals(0, bank.partFrom(0));
    for (int part = 1; part < EmbeddingBank.PARTS; part++) {
      assertEquals(bank.partFrom(part - 1) + bank.partSteps(), bank.partFrom(part));
    }
    int end = bank.partFrom(EmbeddingBank.PARTS - 1) + bank.partSteps();
    assertTrue(end <= bank.steps() && end > bank.steps() - EmbeddingBank.PARTS);
  }
}
