package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AudioSamplesTest {
  private static final Path SAMPLES = Path.of("audio-samples");

  @Test
  void theShippedModelsFindTheirWordsInTheSamplesAndNothingElse() throws IOException {
    List<String> table = Files.readAllLines(SAMPLES.resolve("words.csv"));
    for (WakeModel model : shipped()) {
      try (Stream<Path> files = Files.list(SAMPLES)) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(wav|flac)")).toList()) {
          List<String[]> said =
              table.stream()
                  .map(line -> line.split(",", -1))
                  .filter(row -> row[0].equals(file.getFileName().toString()))
                  .filter(row -> model.words().contains(row[1]))
                  .toList();
          List<TriggerEvent> heard = Rouse.scan(model, file);
          assertEquals(said.size(), heard.size(), file + ": " + heard);
          for (int i = 0; i < said.size(); i++) {
            assertEquals(said.get(i)[1], heard.get(i).word());
            assertEquals(Double.parseDouble(said.get(i)[2]), heard.get(i).startSeconds(), 0.15);
            assertEquals(Double.parseDouble(said.get(i)[3]), heard.get(i).endSeconds(), 0.15);
          }
        }
      }
    }
  }

  private static List<WakeModel> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("models"))) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList();
      assertTrue(!found.isEmpty(), "models/ holds no model");
      List<WakeModel> models = new java.util.ArrayList<>();
      for (Path file : found) {
        models.add(WakeModel.read(file));
      }
      return models;
    }
  }
}
