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

class LanguageRecipeTest {
  private static final String RECIPE = "task: language\ndictionary: words.dict\ntexts: [a.txt]\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("r.yaml"), text);
  }

  private String error(String text) throws IOException {
    Path file = file(text);
    return assertThrows(IOException.class, () -> LanguageRecipe.read(file, Assertions::fail))
        .getMessage()
        .replace(file.toString(), "FILE");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = file(RECIPE + "network: {units: 9}\n");
    assertEquals(RecipeTask.LANGUAGE, RecipeTask.of(file));
    LanguageRecipe recipe = LanguageRecipe.read(file, Assertions::fail).withEpochs(3).withSeed(9);
    assertEquals(9, recipe.network().units());
    assertEquals(folder.resolve("a.txt"), recipe.texts().get(0));
    assertEquals(recipe, LanguageRecipe.read(file(recipe.toYaml(folder)), Assertions::fail));
  }

  @Test
  void anErrorNamesItsLine() throws IOException {
    assertEquals(
        "FILE: line 1: texts=[], expected at least one file",
        error("task: language\ndictionary: a.dict\n"));
    assertEquals(
        "FILE: line 4: units=0, expected 1 to 2048", error(RECIPE + "network: {units: 0}\n"));
  }

  @Test
  void theShippedRecipeIsValid() throws IOException {
    LanguageRecipe recipe =
        LanguageRecipe.read(Path.of("models/pronunciation/language.yaml"), Assertions::fail);
    assertEquals(160, recipe.network().units());
  }
}
