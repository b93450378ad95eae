// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
  @TempDir Path folder;

  private Recipe read(String yaml) throws IOException {
    return RecipeFile.read(file(yaml), Assertions::fail);
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("recipe.yaml"), yaml);
  }

  @Test
  void missingKeysTakeTheirDefaults() throws IOException {
    Recipe recipe = read("words:\n  hey: clips\nschedule: {epochs: 3}\n");
    assertEquals(List.of("hey"), recipe.words());
    assertEquals(List.of(folder.resolve("clips")), recipe.sources().positives().get("hey"));
    assertEquals(Channel.AUTO, recipe.sources().channel());
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
            channel: best
            features: classic
            network:
              - conv: {filters: 8, kernel: 3, stride: 2}
              - norm
              - relu
              - dropout: 0.25
              - lstm-peephole: 12
              - gru-simple: 7
            clips: {seconds: 7.5, positives: 3}
            augmentation: {noise: {probability: 0.1}, voice: {pitch: 0.3}}
            optimisation: {loss: {function: focal}, optimiser: sgd, clipValue: 0.25}
            policy: {threshold: 0.75, patience: 2}
            seed: 3000000000
            """);
    assertEquals(List.of("hey: \"you\"", "you"), recipe.words());
    assertEquals(Channel.BEST, recipe.sources().channel());
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
        "words: {a: b}\\noptimisation: {loss: {function: hinge}}\\n     | line 2: function: hinge, expected",
        "words: {a: b}\\nauxiliary: {a: c}\\n              | auxiliary=a, which is also",
        "words: {a: b}\\nchannel: each\\n                | line 2: channel=each, expected auto, N, mix or",
        "words: {a: b}\\nchannel: 0\\n                   | line 2: channel=0, expected auto, a number",
        "negatives: x\\n                                | line 1: words: is missing",
        "words: {a: [b\\n                               | line 2: ",
        "words: {}\\n                                   | words={}",
        "words: {a: b}\\n"
            + "teachers: c\\n"
            + "optimisation: {loss: {function: focal}}\\n"
            + " | line 3: optimisation.loss.function: expected",
        "words: {a: b}\\nteachers:\\n                     | line 2: empty, expected a path",
        "words: {a: b}\\nrooms: c\\n                      | line 2: rooms=[",
        "words: {a: b}\\naugmentation: {capture: {farRooms: 2}}\\n | line 2: farRooms=2, expected",
        "words: {a: b}\\naugmentation: {capture: {far: 1}}\\n | line 2: far: unknown key",
        "words: {a: b}\\naugmentation:\\n  noise: {babble: 2}\\n | line 3: babble=2, expected",
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
  void farRoomsAreReadBack() throws IOException {
    Recipe recipe =
        read(
            """
            words: {a: b}
            rooms: [h.wav, i]
            augmentation: {noise: {babble: 0}, capture: {farRooms: 0.5, digitalSilence: 0.25}}
            """);
    assertEquals(new Recipe.Augmentation.Capture(0.5, 0, 0.25), recipe.augmentation().capture());
    assertEquals(0, recipe.augmentation().noise().babble());
    assertEquals(2, recipe.sources().rooms().size());
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
  }

  @Test
  void everyEarlierKeyIsReadWithAWarning() throws IOException {
    String earlier =
        """
        words: {a: b}
        clips: {mistaken: 0.3, seconds: 4}
        augmentation:
          gainDb: 10
          speed: 0.11
          tempo: 0.12
          rhythm: 0.13
          closures: 0.14
          pitch: 0.16
          formants: 0.17
          lowestSnrDb: -1
          noise: 0.21
          highestSnrDb: 23
          babble: 0.24
        schedule: {carried: 0.31}
        optimisation: {loss: focal, rate: 0.002, positiveWeight: 4, phoneWeight: 0.42, smoothing: 0.43}
        """;
    String today =
        """
        words: {a: b}
        clips: {hardNegatives: 0.3, seconds: 4}
        augmentation:
          gainDb: 10
          voice: {speed: 0.11, tempo: 0.12, rhythm: 0.13, closures: 0.14, pitch: 0.16, formants: 0.17}
          noise: {probability: 0.21, lowestSnrDb: -1, highestSnrDb: 23, babble: 0.24}
        schedule: {statefulClips: 0.31}
        optimisation:
          loss: {function: focal, positiveWeight: 4, phoneWeight: 0.42, smoothing: 0.43}
          rate: 0.002
        """;
    List<String> warnings = new ArrayList<>();
    assertEquals(read(today), RecipeFile.read(file(earlier), warnings::add));
    String expected =
        """
        line 2: clips.mistaken is now clips.hardNegatives
        line 5: augmentation.speed is now augmentation.voice.speed
        line 6: augmentation.tempo is now augmentation.voice.tempo
        line 7: augmentation.rhythm is now augmentation.voice.rhythm
        line 8: augmentation.closures is now augmentation.voice.closures
        line 9: augmentation.pitch is now augmentation.voice.pitch
        line 10: augmentation.formants is now augmentation.voice.formants
        line 11: augmentation.lowestSnrDb is now augmentation.noise.lowestSnrDb
        line 12: augmentation.noise is now augmentation.noise.probability
        line 13: augmentation.highestSnrDb is now augmentation.noise.highestSnrDb
        line 14: augmentation.babble is now augmentation.noise.babble
        line 15: schedule.carried is now schedule.statefulClips
        line 16: optimisation.loss is now optimisation.loss.function
        line 16: optimisation.positiveWeight is now optimisation.loss.positiveWeight
        line 16: optimisation.phoneWeight is now optimisation.loss.phoneWeight
        line 16: optimisation.smoothing is now optimisation.loss.smoothing
        """;
    Path file = folder.resolve("recipe.yaml");
    assertEquals(expected.lines().map(line -> file + ": " + line).toList(), warnings);
  }

  @Test
  void earlierKeysJoinTheGroupThatReplacedThem() throws IOException {
    Recipe mixed =
        RecipeFile.read(
            file("words: {a: b}\naugmentation: {speed: 0.2, voice: {pitch: 0.3}}\n"),
            warning -> {});
    assertEquals(read("words: {a: b}\naugmentation: {voice: {pitch: 0.3, speed: 0.2}}\n"), mixed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clips: {mistaken: 2}                        | line 3: hardNegatives=2, expected 0 to 1",
        "augmentation: {noise: 2}                    | line 3: probability=2, expected 0 to 1",
        "augmentation: {speed: fast}                 | line 3: fast: expected a number",
        "schedule: {carried: 0, statefulClips: 1}    | line 3: statefulClips: given twice",
        "augmentation: {pitch: 0, voice: {pitch: 1}} | line 3: pitch: given twice",
        "augmentation: {carried: 0}                  | line 3: carried: unknown key",
      })
  void errorsOfEarlierKeysNameTheirLineAndTodaysKey(String yaml, String expected)
      throws IOException {
    Path file = file("words: {a: b}\n\n" + yaml + "\n");
    String message =
        assertThrows(IOException.class, () -> RecipeFile.read(file, warning -> {})).getMessage();
    assertTrue(message.startsWith(file + ": " + expected), message);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void everySeedIsReadBack(long seed) throws IOException {
    Recipe recipe = read("words: {a: b}\n").withSeed(seed);
    assertEquals(recipe, read(RecipeFile.toYaml(recipe, folder)));
  }

  @Test
  void theDocumentedRecipeHasTheDefaults() throws IOException {
    String page = Files.readString(Path.of("docs/recipe.md"));
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
