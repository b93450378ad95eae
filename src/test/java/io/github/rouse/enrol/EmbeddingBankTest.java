// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.WakeModel;
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
  private static final Path MODEL = Path.of("models/multi/words.onnx");
  private static final Path SAMPLE = Path.of("audio-samples/alexa-office.wav");

  @TempDir Path folder;

  private EmbeddingBank heard(List<String> problems, Path... files) throws IOException {
    return EmbeddingBank.of(
        WakeModel.read(MODEL),
        List.of(files),
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
  void valuesAreWithinHalfALevelOfTheEncoders() throws IOException {
    EmbeddingBank bank = heard(new ArrayList<>(), SAMPLE);
    Encoder encoder = Encoder.of(WakeModel.read(MODEL));
    float[] samples;
    try (AudioCache sounds = AudioCache.temporary(16_000)) {
      AudioCache.Sound sound = sounds.add(SAMPLE, AudioCache.decode(SAMPLE, 16_000));
      samples = sound.part(0, sound.length());
    }
    float[][] steps = encoder.embed(samples);
    assertEquals(steps.length, bank.steps());
    assertEquals(128, bank.units());
    assertEquals(0.03, bank.stepSeconds());
    assertEquals(samples.length / 16_000.0 / 3600, bank.hours(), 1e-4);
    float[] step = new float[bank.units()];
    for (int t = 0; t < steps.length; t++) {
      bank.copy(t, step);
      assertArrayEquals(steps[t], step, 1 / 8f + 1e-6f);
      for (int i = 0; i < step.length; i++) {
        assertEquals(EmbeddingBank.rounded(steps[t][i]), step[i]);
      }
    }
  }

  @Test
  void aWrittenBankIsReadBack() throws IOException {
    byte[] values = new byte[64 * 1000];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextInt(8) + 16 * random.nextInt(8));
    }
    EmbeddingBank bank = new EmbeddingBank("ab12", 128, 0.03, values);
    Path file = folder.resolve("x.bank");
    bank.write(file);
    EmbeddingBank read = EmbeddingBank.read(file);
    assertArrayEquals(values, read.values());
    assertEquals("ab12", read.encoder());
    assertEquals(128, read.units());
    assertEquals(1000, read.steps());
  }

  @Test
  void aDamagedBankIsRejectedNamingTheFile() throws IOException {
    Path file = folder.resolve("x.bank");
    EmbeddingBank bank = new EmbeddingBank("ab12", 4, 0.03, new byte[4000]);
    bank.write(file);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      ModelFormatException refused =
          assertThrows(ModelFormatException.class, () -> EmbeddingBank.read(file), "" + length);
      assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
    }
    Random random = new Random(2);
    for (int flip = 0; flip < 2000; flip++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        EmbeddingBank read = EmbeddingBank.read(file); // an unused bit
        assertArrayEquals(bank.values(), read.values());
        assertEquals(bank.encoder() + bank.stepSeconds(), read.encoder() + read.stepSeconds());
      } catch (ModelFormatException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      }
    }
  }

  @Test
  void undecodableFilesAreSkippedAndReported() throws IOException {
    Path text = Files.writeString(folder.resolve("text.wav"), "no sound");
    List<String> problems = new ArrayList<>();
    int steps = heard(new ArrayList<>(), SAMPLE).steps();
    assertEquals(steps, heard(problems, text, SAMPLE).steps());
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith(text + ": "), problems.get(0));
    assertThrows(IOException.class, () -> heard(problems, text));
  }
}
