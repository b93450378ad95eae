// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.audio.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderRecipeTest {
  private static final String ENCODER =
      "task: encoder\nsounds: a\nrooms: [r]\nteacher: [mel.onnx, embedding.onnx]\n";
  private static final String VERIFIER =
      "task: verifier\nmodel: m.onnx\nencoder: e.onnx\nwords: {hey: w}\nverifier: {heads: 2}\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("r.yaml"), text);
  }

  private String error(String text) throws IOException {
    Path file = file(text);
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              if (RecipeTask.of(file) == RecipeTask.ENCODER) {
                EncoderRecipe.read(file, Assertions::fail);
              } else {
                VerifierRecipe.read(file, Assertions::fail);
              }
            });
    return e.getMessage().replace(file.toString(), "FILE");
  }

  @Test
  void theTaskSaysWhatAFileTrains() throws IOException {
    assertEquals(RecipeTask.WORDS, RecipeTask.of(file("words: {hey: w}\n")));
    assertEquals(RecipeTask.ENCODER, RecipeTask.of(file(ENCODER)));
    assertEquals(RecipeTask.VERIFIER, RecipeTask.of(file(VERIFIER)));
    assertEquals(
        "FILE: line 1: task: singer, expected one of [words, encoder, pronunciation, language, phones, verifier]",
        error("task: singer\n"));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    EncoderRecipe recipe =
        EncoderRecipe.read(file(ENCODER), Assertions::fail).withEpochs(3).withSeed(9);
    assertEquals(recipe, EncoderRecipe.read(file(recipe.toYaml(folder)), Assertions::fail));
    EncoderRecipe second = recipe.withChannel(Channel.of(2));
    assertEquals(second, EncoderRecipe.read(file(second.toYaml(folder)), Assertions::fail));
    VerifierRecipe verifier = VerifierRecipe.read(file(VERIFIER), Assertions::fail);
    assertEquals(2, verifier.settings().heads());
    assertEquals(folder.resolve("m.onnx"), verifier.model());
  }

  @Test
  void anErrorNamesItsLine() throws IOException {
    assertEquals(
        "FILE: line 4: teacher=["
            + folder.resolve("x")
            + "], expected two ONNX files: mel bands,"
            + " and embedding",
        error(ENCODER.replace("[mel.onnx, embedding.onnx]", "x")));
    assertEquals(
        "FILE: line 5: variants=0, expected 1 to 100", error(ENCODER + "clips: {variants: 0}\n"));
    assertEquals("FILE: line 1: model: is missing", error(VERIFIER.replace("model: m.onnx\n", "")));
    assertEquals(
        "FILE: line 5: level=2, expected 1.0E-6 to 0.999",
        error(VERIFIER.replace("heads", "level")));
  }
}
