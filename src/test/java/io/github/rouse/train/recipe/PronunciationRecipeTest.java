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

class PronunciationRecipeTest {
  private static final String RECIPE = "task: pronunciation\ndictionary: words.dict\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("r.yaml"), text);
  }

  private String error(String text) throws IOException {
    Path file = file(text);
    return assertThrows(IOException.class, () -> PronunciationRecipe.read(file, Assertions::fail))
        .getMessage()
        .replace(file.toString(), "FILE");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = file(RECIPE + "network: {decoder: 9}\n");
    assertEquals(RecipeTask.PRONUNCIATION, RecipeTask.of(file));
    PronunciationRecipe recipe =
        PronunciationRecipe.read(file, Assertions::fail).withEpochs(3).withSeed(9);
    assertEquals(9, recipe.network().decoder());
    assertEquals(folder.resolve("words.dict"), recipe.dictionary());
    assertEquals(recipe, PronunciationRecipe.read(file(recipe.toYaml(folder)), Assertions::fail));
  }

  @Test
  void anErrorNamesItsLine() throws IOException {
    assertEquals("FILE: line 1: dictionary: is missing", error("task: pronunciation\n"));
    assertEquals(
        "FILE: line 3: decoder=0, expected 1 to 2048", error(RECIPE + "network: {decoder: 0}\n"));
    assertEquals(
        "FILE: line 3: words: unknown key, expected one of"
            + " [dictionary, network, optimisation, schedule, seed, task]",
        error(RECIPE + "words: {hey: w}\n"));
  }

  @Test
  void theShippedRecipeIsValid() throws IOException {
    PronunciationRecipe recipe =
        PronunciationRecipe.read(Path.of("models/pronunciation/english.yaml"), Assertions::fail);
    assertEquals(128, recipe.network().encoder());
  }
}
