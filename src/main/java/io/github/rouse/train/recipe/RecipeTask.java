// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.yaml.snakeyaml.nodes.Node;

/** What a recipe trains: the value of its key {@code task}. */
public enum RecipeTask {
  /** A detector of words; the default. See {@link Recipe}. */
  WORDS,
  /** A speech encoder; see {@link EncoderRecipe}. */
  ENCODER,
  /** Letters to phonemes; see {@link PronunciationRecipe}. */
  PRONUNCIATION,
  /** A language model of phonemes; see {@link LanguageRecipe}. */
  LANGUAGE,
  /** A phone recogniser; see {@link PhoneRecipe}. */
  PHONES,
  /** A detector's second look; see {@link VerifierRecipe}. */
  VERIFIER;

  /**
   * The task of a recipe.
   *
   * @throws IOException if the file cannot be read or names an unknown task
   */
  public static RecipeTask of(Path file) throws IOException {
    return RecipeParts.read(
        file,
        warning -> {}, // the reader of the whole recipe warns
        (yaml, root) -> {
          Node node = yaml.fields(root).get("task");
          if (node == null) {
            return WORDS;
          }
          return Arrays.stream(values())
              .filter(task -> YamlFile.text(task).equals(yaml.text(node)))
              .findFirst()
              .orElseThrow(
                  () ->
                      yaml.at(
                          node,
                          "task: "
                              + yaml.text(node)
                              + ", expected one of "
                              + Arrays.stream(values()).map(YamlFile::text).toList()));
        });
  }
}
