// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.feature.FeatureSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
  @TempDir Path folder;

  private Recipe read(String yaml) throws IOException {
    return RecipeFile.read(Files.writeString(folder.resolve("recipe.yaml"), yaml));
  }

  @Test
  void missingKeysTakeTheirDefaults() throws IOException {
    Recipe recipe = read("words:\n  hey: clips\nschedule: {epochs: 3}\n");
    assertEquals(List.of("hey"), recipe.words());
    assertEquals(List.of(folder.resolve("clips")), recipe.sources().positives().get("hey"));
    assertEquals(FeatureSpec.DEFAULT, recipe.features());
    assertEquals(LayerPlan.COMPACT, recipe.layers());
    assertEquals(Recipe.Clips.DEFAULT, recipe.clips());
    assertEquals(3, recipe.schedule().epochs());
    assertEquals(Recipe.Schedule.DEFAULT.batches(), recipe.schedule().batches());
    Recipe narrow = read("words: {hey: clips}\nnetwork: [conv: {kernel: 7}]\n");
    assertEquals(List.of(new LayerPlan.Conv(128, 7, 3)), narrow.layers());
  }

  @Test
  void aWrittenRecipeIsReadBack() throws IOException {
    Recipe recipe =
        read(
            """
            words:
              'hey: "you"': [a, b]
              you: c
            auxiliary: {they: [g]}
            negatives: [d]
            backgrounds: [e]
            phones: [f.ctm]
            features: classic
            network:
              - conv: {filters: 8, kernel: 3, stride: 2}
              - norm
              - relu
              - dropout: 0.25
              - lstm-peephole: 12
              - gru-simple: 7
            clips: {seconds: 7.5, positives: 3}
            augmentation: {noise: 0.1}
            optimisation: {loss: focal, optimiser: sgd, clipValue: 0.25}
            policy: {threshold: 0.75, patience: 2}
            seed: 3000000000
            """);
    assertEquals(List.of("hey: \"you\"", "you"), recipe.words());
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "words: {a: b}\\nclips: {seconds: 5, pos: 3}\\n | line 2: pos: unknown key",
        "words: {a: b}\\n"
            + "clips:\\n"
            + "  seconds: 5\\n"
            + "  positives: -1\\n"
            + " | line 4: positives=-1, expected",
        "words: {a: b}\\nseed: 1\\nnetwork: []\\n | line 3: network=",
        "words: {a: b}\\nnoise: x\\n                    | line 2: noise: unknown key",
        "words: {a: b}\\n\\nseed: one\\n                 | line 3: seed: one, expected a whole",
        "words: {a: b}\\nclips: {seconds: -1}\\n         | line 2: seconds=-1, expected",
        "words: {a: b}\\nschedule: {epochs: 1.5}\\n      | line 2: epochs: 1.5, expected a whole",
        "words: {a: b}\\n"
            + "schedule: {epochs: 3000000000} | line 2: epochs: 3000000000, expected a whole",
        "words: {a: b}\\nschedule: {epochs: 3000000000} | from -2147483648 to 2147483647",
        "words: {a: b}\\nseed: -1e19 | line 2: seed: -1e19, expected a whole number from -92",
        "words: {a: b}\\nfeatures: mel\\n                | line 2: features: mel, expected one of",
        "words: {a: b}\\nnetwork: [gru]\\n               | line 2: gru: unknown layer",
        "words: {a: b}\\nnetwork: [{gro: 3}]\\n          | line 2: gro: unknown layer",
        "words: {a: b, a: c}\\n                         | line 1: a: given twice",
        "words: {a: b}\\n"
            + "network:\\n"
            + "  - gru: 64.5\\n"
            + "          | line 3: gru: 64.5, expected a whole",
        "words: {a: b}\\nnetwork:\\n  - gru: 0\\n             | line 3: gru=0, expected 1",
        "words: {a: b}\\nnetwork: [conv: {stride: 0}]\\n    | line 2: stride=0, expected",
        "words: {a: b}\\nnetwork: [dropout: 1.5]\\n         | line 2: dropout=1.5, expected",
        "words: {a: b}\\nseed: 1.5\\n                      | line 2: seed: 1.5, expected a whole",
        "words: {a: b}\\nclips: {auxiliary: 1.7}\\n            | line 2: auxiliary=1.7, expected",
        "words: {a: b}\\noptimisation: {loss: hinge}\\n     | line 2: loss: hinge, expected one of",
        "words: {a: b}\\nauxiliary: {a: c}\\n              | auxiliary=a, which is also",
        "negatives: x\\n                                | line 1: words: is missing",
        "words: {a: [b\\n                               | line 2: ",
        "words: {}\\n                                   | words={}",
        "words: {a: b}\\n"
            + "teachers: c\\n"
            + "optimisation: {loss: focal}\\n"
            + " | line 3: optimisation.loss: expected",
        "words: {a: b}\\nteachers:\\n                     | line 2: empty, expected a path",
        "words: {a: b}\\nrooms: c\\n                      | line 2: rooms=[",
        "words: {a: b}\\naugmentation: {capture: {farRooms: 2}}\\n | line 2: farRooms=2, expected",
        "words: {a: b}\\naugmentation: {capture: {far: 1}}\\n | line 2: far: unknown key",
        "words: {a: b}\\naugmentation: {capture: 1}\\n   | line 2: expected keys and values",
      })
  void errorsNameTheirLine(String yaml, String expected) {
    String text = yaml.replace("\\n", "\n").stripTrailing() + "\n";
    String message = assertThrows(IOException.class, () -> read(text)).getMessage();
    assertTrue(message.contains("recipe.yaml: line "), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void teachersAreReadBack() throws IOException {
    Recipe recipe = read("words: {a: b}\nteachers: [h.onnx, i.onnx]\n");
    assertEquals(2, recipe.sources().teachers().size());
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
  }

  @Test
  void farRoomsAreReadBackAndOtherwiseNotMentioned() throws IOException {
    Recipe recipe =
        read(
            """
            words: {a: b}
            rooms: [h.wav, i]
            augmentation: {babble: 0, capture: {farRooms: 0.5, digitalSilence: 0.25}}
            """);
    assertEquals(new Recipe.Augmentation.Capture(0.5, 0, 0.25), recipe.augmentation().capture());
    assertEquals(0, recipe.augmentation().babble());
    assertEquals(2, recipe.sources().rooms().size());
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
    String older = RecipeFile.toYaml(read("words: {a: b}\n"), folder);
    assertFalse(older.contains("capture") || older.contains("rooms"), older);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void everySeedIsReadBack(long seed) throws IOException {
    Recipe recipe = read("words: {a: b}\n").withSeed(seed);
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
  }

  @Test
  void theDocumentedRecipeHasTheDefaults() throws IOException {
    String page = Files.readString(Path.of("docs/training.md"));
    int from = page.indexOf("```yaml\n") + 8;
    Recipe documented = read(page.substring(from, page.indexOf("```", from)));
    assertEquals(FeatureSpec.DEFAULT, documented.features());
    assertEquals(Recipe.DEFAULT_SEED, documented.seed());
    assertEquals(LayerPlan.COMPACT, documented.layers());
    assertEquals(Recipe.Clips.DEFAULT, documented.clips());
    assertEquals(Recipe.Augmentation.DEFAULT, documented.augmentation());
    assertEquals(Recipe.Schedule.DEFAULT, documented.schedule());
    assertEquals(Recipe.Optimisation.DEFAULT, documented.optimisation());
    assertEquals(io.github.rouse.trigger.TriggerPolicy.DEFAULT, documented.policy());
  }
}
