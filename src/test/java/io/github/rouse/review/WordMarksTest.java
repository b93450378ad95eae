// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.actions.Marks.MarkedClip;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordMarksTest {
  private static final int RATE = 16_000;
  private static final List<Path> PEOPLE = List.of(Path.of("models/people"));

  @TempDir Path folder;

  /** Writes three seconds that contain a false alarm. */
  private Path mistake() throws IOException {
    float[] all = WordMarks.samples(Path.of("audio-samples/none-like-jarvis.ogg"), RATE);
    float[] part = Arrays.copyOfRange(all, (int) (17.5 * RATE), (int) (20.5 * RATE));
    Path file = folder.resolve("mistake.wav");
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(part, 0, part.length);
      wav.commit();
    }
    return file;
  }

  private static float score(WakeModel model, Path file) throws IOException {
    return (float)
        Candidate.of(model, WordMarks.samples(file, RATE)).stream()
            .mapToDouble(Candidate::score)
            .max()
            .orElseThrow();
  }

  /** The listener's frames began elsewhere, so that its score was above the threshold. */
  @Test
  void aMistakeIsLearntEvenIfItScoresLessWhenItIsHeardAgain() throws IOException {
    Path file = mistake();
    WakeModel shipped = WakeModel.read(Path.of("models/jarvis.onnx"));
    float again = score(shipped, file);
    WakeModel model = shipped.withThreshold(1.8f * again);
    MarkedClip clip = new MarkedClip(file, "jarvis", false, Double.NaN, 2 * again);
    Improvement improvement =
        Improvement.of(model, List.of(clip), PEOPLE, problem -> assertEquals("", problem));
    assertEquals(Optional.empty(), improvement.refusal());
    assertEquals(0, improvement.figures().get(0).curedBefore());
    assertTrue(score(improvement.model(), file) < 0.9f * again);
  }

  private static Improvement improved(WakeModel model, MarkedClip clip) throws IOException {
    return Improvement.of(model, List.of(clip), PEOPLE, problem -> assertEquals("", problem));
  }

  /** As a file in a folder "wrong" has neither. */
  @Test
  void aMarkWithoutWordAndScoreIsLearnt() throws IOException {
    Path file = mistake();
    WakeModel shipped = WakeModel.read(Path.of("models/jarvis.onnx"));
    float again = score(shipped, file);
    MarkedClip clip = new MarkedClip(file, null, false, Double.NaN, Float.NaN);
    Improvement improvement = improved(shipped.withThreshold(0.8f * again), clip);
    assertEquals(Optional.empty(), improvement.refusal());
    assertTrue(score(improvement.model(), file) < 0.8f * again);
  }

  @Test
  void anOldMarkThatIsFarBelowTheThresholdChangesNothing() throws IOException {
    Path file = mistake();
    WakeModel shipped = WakeModel.read(Path.of("models/jarvis.onnx"));
    float again = score(shipped, file);
    MarkedClip clip = new MarkedClip(file, "jarvis", false, Double.NaN, 3 * again);
    Improvement improvement = improved(shipped.withThreshold(2 * again), clip);
    assertTrue(improvement.refusal().orElseThrow().contains("no better"));
  }
}
