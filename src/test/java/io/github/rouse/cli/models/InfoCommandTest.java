// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.VerifiedModels;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  private void assertShows(String pattern) {
    assertTrue(terminal.out().stream().anyMatch(l -> l.matches(pattern)), terminal.out() + "");
  }

  @Test
  void showsAVerifier() throws IOException {
    Path file = folder.resolve("loud.onnx");
    VerifiedModels.loudness(2, 0.25f).write(file);
    assertEquals(0, terminal.run("info", file));
    assertShows("verifier +reads the last 0\\.46 s before a candidate");
    assertShows(" +judges a window that ends there and one that ends 0\\.06 s earlier");
    assertShows(
        " +loud: heads 1, parameters of each .*, candidates from 0\\.05, share 0\\.25 of the score's logit");
    assertShows(" +threshold without it: 0\\.4");
  }

  @Test
  void showsASpeechEncoder() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    WakeModel model = VerifiedModels.loudness(2, 0.25f);
    model.verifier().orElseThrow().encoder().write(file, WeightType.FP32);
    assertEquals(0, terminal.run("info", file));
    assertShows("encoder +of speech, 2 values, .* bytes");
    assertShows("source +a test");
  }

  @Test
  void hidesWhereTheAuthorKeptTheRecordings() {
    String recipe =
        """
        words:
          - '../../../shared/keywords/jarvis'
          - '/data/anna/keywords/jarvis'
          - 'C:/Users/anna/keywords/jarvis'
        encoder: 'speech.onnx'
        """;
    assertEquals(
        """
        words:
          - 'shared/keywords/jarvis'
          - 'keywords/jarvis'
          - 'keywords/jarvis'
        encoder: 'speech.onnx'
        """,
        InfoCommand.withoutPlaces(recipe));
  }

  @Test
  void theShippedModelsNameNoOuterFolders() {
    assertEquals(0, terminal.run("info", Path.of("models/jarvis.onnx")));
    assertShows(" +- 'shared/keywords/jarvis/training'");
    assertTrue(terminal.out().stream().noneMatch(line -> line.contains("../")));
  }
}
