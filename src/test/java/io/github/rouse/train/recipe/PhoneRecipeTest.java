// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhoneRecipeTest {
  private static final String TEXT =
      "task: phones\nencoder: e.onnx\nutterances: [a.tsv, b.tsv]\nclips: {seconds: 5}\n";

  @TempDir Path folder;

  private PhoneRecipe read(String text) throws IOException {
    return PhoneRecipe.read(Files.writeString(folder.resolve("r.yaml"), text), Assertions::fail);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    PhoneRecipe recipe = read(TEXT).withEpochs(3).withSeed(9);
    assertEquals(5, recipe.clips().seconds());
    assertEquals(folder.resolve("b.tsv"), recipe.sources().utterances().get(1));
    assertEquals(recipe, read(recipe.toYaml(folder)));
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    Path file = folder.resolve("r.yaml");
    assertEquals(
        file + ": line 1: encoder: is missing",
        assertThrows(IOException.class, () -> read("task: phones\nutterances: [a.tsv]\n"))
            .getMessage());
    assertEquals(
        file + ": line 1: utterances=[], expected at least one list",
        assertThrows(IOException.class, () -> read("task: phones\nencoder: e.onnx\n"))
            .getMessage());
    assertEquals(
        file + ": line 4: seconds=0.1, expected 1 to 60",
        assertThrows(IOException.class, () -> read(TEXT.replace("5}", "0.1}"))).getMessage());
  }
}
