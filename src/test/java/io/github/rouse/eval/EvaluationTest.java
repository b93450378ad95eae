package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  @TempDir Path folder;

  @Test
  void missesAndFalseAlarmsAreCounted() throws IOException {
    Path heard = wav("heard.wav", 2, 0.5);
    Path silent = wav("silent.wav", 2);
    Path alarming = wav("alarming.wav", 36, 5, 20); // two loud sounds in a hundredth of an hour
    Evaluation evaluation = new Evaluation(TestModels.loudness("loud"));
    evaluation.positives(List.of(heard, silent, heard, heard));
    evaluation.negatives(List.of(alarming));
    Evaluation.Point half = evaluation.at(0.5);
    assertEquals(0.25, half.missRate());
    assertEquals(2, half.falseAlarms());
    assertEquals(200, half.perHour(), 0.1);
    assertEquals(0.01, evaluation.negativeHours(), 1e-5);
    assertEquals(1, evaluation.at(1.01).missRate());
    assertEquals(0, evaluation.at(1.01).falseAlarms());
    assertTrue(evaluation.atFalseAlarms(0).falseAlarms() == 0);
  }

  private Path wav(String name, double seconds, double... bursts) throws IOException {
    Path file = folder.resolve(name);
    float[] samples = TestModels.bursts(16_000, seconds, bursts);
    try (WavWriter wav = new WavWriter(file, 16_000, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return file;
  }
}
