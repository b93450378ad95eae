// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.Slow;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnWordsTest {
  private static final Path MODELS = Path.of("models", "multi");

  @TempDir Path folder;

  private OwnWords words() {
    return new OwnWords(
        folder.resolve("recordings"),
        folder.resolve("models"),
        MODELS.resolve("words.onnx"),
        MODELS.resolve("words.bank"));
  }

  @Test
  @Slow
  @NeedsEspeak
  void aTypedWordNeedsNoRecordings() throws IOException {
    List<String> progress = new ArrayList<>();
    words().enrol("Hey, Nova", progress::add, problem -> {});
    assertEquals("synthetic voices say Hey, Nova", progress.get(0));
    WakeModel model = WakeModel.read(folder.resolve("models/hey-nova.onnx"));
    assertEquals(List.of("Hey, Nova"), model.words());
    assertTrue(model.calibration().isPresent());
  }

  @Test
  void aWordNeedsALetter() {
    assertThrows(IllegalArgumentException.class, () -> words().enrol("?!", p -> {}, p -> {}));
  }

  /** Normalisation makes three characters of this one: no file system takes sixty. */
  @Test
  void aWordMustFitAFileName() {
    assertThrows(IllegalArgumentException.class, () -> OwnWords.stem("\ufb2c".repeat(60)));
    assertEquals("\u6f22".repeat(60), OwnWords.stem("\u6f22".repeat(60)));
  }
}
