// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The shipped models detect every word in {@code words.csv}. Other detections must be listed in
 * {@code confusions.csv}, the known confusions with other words.
 */
class AudioSamplesTest {
  private static final Path SAMPLES = Path.of("audio-samples");

  @Test
  void theShippedModelsDetectTheirWordsAndOnlyKnownConfusions() throws IOException {
    List<String> table = Files.readAllLines(SAMPLES.resolve("words.csv"));
    List<String> confusions = Files.readAllLines(SAMPLES.resolve("confusions.csv"));
    for (WakeModel model : shipped()) {
      try (Stream<Path> files = Files.list(SAMPLES)) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(wav|flac|ogg)")).toList()) {
          List<String[]> expected = rows(table, file, model);
          List<String[]> known = rows(confusions, file, model);
          List<TriggerEvent> detected = new ArrayList<>(Rouse.scan(model, file));
          detected.removeIf(event -> known.stream().anyMatch(row -> isAt(row, event)));
          assertEquals(expected.size(), detected.size(), file + ": " + detected);
          for (int i = 0; i < expected.size(); i++) {
            assertTrue(isAt(expected.get(i), detected.get(i)), file + ": " + detected.get(i));
          }
        }
      }
    }
  }

  private static List<String[]> rows(List<String> table, Path file, WakeModel model) {
    return table.stream()
        .map(line -> line.split(",", -1))
        .filter(row -> row[0].equals(file.getFileName().toString()))
        .filter(row -> model.words().contains(row[1]))
        .toList();
  }

  private static boolean isAt(String[] row, TriggerEvent event) {
    return row[1].equals(event.word())
        && Math.abs(Double.parseDouble(row[2]) - event.startSeconds()) <= 0.15
        && Math.abs(Double.parseDouble(row[3]) - event.endSeconds()) <= 0.15;
  }

  private static List<WakeModel> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
      assertTrue(!found.isEmpty(), "models/ holds no model");
      List<WakeModel> models = new ArrayList<>();
      for (Path file : found) {
        models.add(WakeModel.read(file));
      }
      return models;
    }
  }
}
