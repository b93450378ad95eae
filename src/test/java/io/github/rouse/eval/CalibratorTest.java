// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratorTest {
  private static final int RATE = 16_000;

  @TempDir Path folder;
  private final WakeModel model = TestModels.loudness("loud");

  @Test
  void eachRecordingIsPlayedAtThreeSpeedsAndAllHoursCount() throws IOException {
    Recording sound = wav("sound.wav", TestModels.bursts(RATE, 18, 2, 5, 8, 11, 14));
    double[] reported = new double[1];
    Calibration c = new Calibrator(model, List.of(sound)).run(1, seconds -> reported[0] += seconds);
    assertEquals(3, c.times());
    assertEquals(3 * 5, c.scores().size());
    double seconds = 18 * (1 + 1 / 0.88 + 1 / 1.14);
    assertEquals(seconds, 3600 * c.hours(), 0.01);
    assertEquals(seconds, reported[0], 0.01);
  }

  @Test
  void theResultDoesNotDependOnTheNumberOfJobs() throws IOException {
    Recording first = wav("first.wav", TestModels.bursts(RATE, 9, 1, 4, 6));
    Recording second = wav("second.wav", TestModels.bursts(RATE, 12, 2, 5, 8, 10));
    List<Recording> both = List.of(first, second);
    assertEquals(
        new Calibrator(model, both).run(1, seconds -> {}),
        new Calibrator(model, both).run(4, seconds -> {}));
  }

  @Test
  void tooFewFalseAlarmsAskForMoreNegatives() throws IOException {
    Recording sound = wav("sound.wav", TestModels.bursts(RATE, 60, 30));
    assertEquals(
        "3 false alarms in 0.05 h, expected at least 5: add more negatives", message(sound));
  }

  @Test
  void emptySoundIsRejected() throws IOException {
    Recording empty = wav("empty.wav", new float[0]);
    assertEquals(empty.file() + ": holds no sound", message(empty));
    Calibrator calibrator = new Calibrator(model, List.of(empty));
    List<String> problems = new ArrayList<>();
    FileProgress continuing =
        new FileProgress() {
          @Override
          public void fileHeard(double seconds) {}

          @Override
          public void unreadable(IOException problem) {
            problems.add(problem.getMessage());
          }
        };
    IOException thrown = assertThrows(IOException.class, () -> calibrator.run(1, continuing));
    assertEquals("no sound in the negatives", thrown.getMessage());
    assertEquals(List.of(empty.file() + ": holds no sound"), List.copyOf(new TreeSet<>(problems)));
  }

  private String message(Recording sound) throws IOException {
    Calibrator calibrator = new Calibrator(model, List.of(sound));
    return assertThrows(IOException.class, () -> calibrator.run(1, seconds -> {})).getMessage();
  }

  private Recording wav(String name, float[] samples) throws IOException {
    Path file = folder.resolve(name);
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return new Recording(file, "");
  }
}
