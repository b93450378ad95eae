// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A word that ends where the sound ends is found, although its posterior climbs later. */
class WordAtTheEndTest {
  private static final Path SAMPLES = Path.of("audio-samples");
  private static final double LEAD_SECONDS = 2; // before a word, as far as the file has it

  /** The sound up to a word's end, at its own rate. */
  private record Cut(String word, float[] samples, int rate) {}

  private static List<Cut> cuts() throws IOException {
    List<Cut> cuts = new ArrayList<>();
    for (String line : Files.readAllLines(SAMPLES.resolve("words.csv"))) {
      String[] fields = line.split(",", -1);
      if (fields.length < 4 || !fields[3].matches("[0-9.]+")) {
        continue; // the header, or a file without words
      }
      try (AudioFile file = AudioFile.open(SAMPLES.resolve(fields[0]))) {
        List<float[]> parts = new ArrayList<>();
        file.play(Channel.FIRST, (s, from, n) -> parts.add(Arrays.copyOfRange(s, from, from + n)));
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
          System.arraycopy(part, 0, all, at, part.length);
          at += part.length;
        }
        int rate = file.sampleRate();
        int from = (int) Math.max(0, rate * (Double.parseDouble(fields[2]) - LEAD_SECONDS));
        int to = (int) (rate * Double.parseDouble(fields[3]));
        cuts.add(new Cut(fields[1], Arrays.copyOfRange(all, from, to), rate));
      }
    }
    return cuts;
  }

  /** Counts the posteriors, and keeps the events. */
  private static final class Heard implements DetectionHandler {
    private final List<TriggerEvent> events = new ArrayList<>();
    private int steps;

    @Override
    public void event(TriggerEvent event) {
      events.add(event);
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] values) {
      steps++;
    }
  }

  @Test
  void itIsFoundAtTheEndOfAStreamAndBeforeAGap() throws IOException {
    List<Cut> cuts = cuts();
    assertEquals(18, cuts.size());
    for (Cut cut : cuts) {
      WakeModel model = WakeModel.read(Path.of("models", cut.word() + ".onnx"));
      for (boolean gap : new boolean[] {false, true}) {
        Heard heard = new Heard();
        try (Detector detector = new Detector(List.of(model), cut.rate(), Engine.NATIVE, heard)) {
          detector.accept(cut.samples(), 0, cut.samples().length);
          if (gap) {
            detector.skip(cut.rate());
          } else {
            detector.finish();
          }
        }
        assertEquals(1, heard.events.size(), cut.word() + ", gap: " + gap);
        TriggerEvent event = heard.events.get(0);
        double seconds = (double) cut.samples().length / cut.rate();
        assertTrue(event.atSeconds() <= seconds + 1e-3, event.atSeconds() + " of " + seconds);
        assertTrue(event.endSeconds() <= event.atSeconds(), event::toString);
        assertTrue(event.startSeconds() < event.endSeconds(), event::toString);
      }
    }
  }

  @Test
  void theSilenceAfterTheEndGivesNoPosteriors() throws IOException {
    WakeModel model = WakeModel.read(Path.of("models/jarvis.onnx"));
    int rate = model.features().sampleRate();
    for (int length : new int[] {1, rate / 10, rate, 3 * rate + 7}) {
      Heard heard = new Heard();
      try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, heard)) {
        detector.accept(new float[length], 0, length);
        int before = heard.steps;
        detector.finish();
        assertEquals(before, heard.steps, length + " samples");
        assertEquals(0, heard.events.size());
        detector.reset();
        detector.accept(new float[length], 0, length);
        assertEquals(2 * before, heard.steps, "after a reset");
      }
    }
  }
}
