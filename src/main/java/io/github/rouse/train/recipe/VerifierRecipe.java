// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/**
 * All settings of the training of a detector's second look ({@code task: verifier}).
 *
 * @param model the detector that gets it
 * @param encoder the speech encoder that it reads with
 * @param words recordings, clips, their variation, optimiser and seed; {@code schedule} counts the
 *     heads' batches of windows
 * @param settings of the verifier
 */
public record VerifierRecipe(Path model, Path encoder, Recipe words, Settings settings) {
  private static final Recipe.Schedule SCHEDULE =
      new Recipe.Schedule(10, 200, 96, 0, 0, 0.99, 0, 0);

  /**
   * Settings of the verifier.
   *
   * @param clips synthesised for training, for all heads
   * @param seconds of sound in a window that the heads judge
   * @param gap seconds from the end of the earlier window to a candidate, rounded to whole steps of
   *     the encoder; 0 for one window
   * @param heads trained for each word; their logits are averaged
   * @param units of each direction of a head's recurrent layer
   * @param level posterior of the streaming network from which candidates are verified
   * @param share of the verifier's logit in the mean of both
   */
  public record Settings(
      int clips, double seconds, double gap, int heads, int units, float level, float share) {
    /** Three heads; windows of two seconds, the earlier 0.4 s before; both looks count equally. */
    public static final Settings DEFAULT = new Settings(8_000, 2, 0.4, 3, 32, 0.03f, 0.5f);

    /** Checks the values. */
    public Settings {
      Range.check("clips", clips, 100, 1_000_000);
      Range.check("seconds", seconds, 0.5, 10);
      Range.check("gap", gap, 0, 2);
      Range.check("heads", heads, 1, 20);
      Range.check("units", units, 1, 1024);
      Range.check("level", level, 1e-6, 0.999);
      Range.check("share", share, 0, 1);
    }
  }

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static VerifierRecipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(file, warnings, VerifierRecipe::recipe);
  }

  private static VerifierRecipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    Set<String> known = new HashSet<>(RecipeFile.KEYS);
    known.removeAll(Set.of("auxiliary", "phones", "teachers", "network", "policy"));
    known.addAll(Set.of("model", "encoder", "verifier"));
    yaml.rejectUnknown(root, known);
    Recipe words = RecipeFile.recipe(yaml, root);
    Recipe.Schedule schedule = yaml.record(top.get("schedule"), SCHEDULE);
    return new VerifierRecipe(
        yaml.path(yaml.required(top, "model", root)),
        yaml.path(yaml.required(top, "encoder", root)),
        words.with(schedule),
        yaml.record(top.get("verifier"), Settings.DEFAULT));
  }

  /** The recipe as YAML for a file in {@code folder}. */
  public String toYaml(Path folder) {
    return "task: verifier\nmodel: "
        + YamlFile.relative(model, folder)
        + "\nencoder: "
        + YamlFile.relative(encoder, folder)
        + "\nverifier: "
        + YamlFile.fields(settings)
        + '\n'
        + RecipeFile.toYaml(words, folder);
  }

  /** A copy with other recordings, clips, optimiser or seed. */
  public VerifierRecipe with(Recipe other) {
    return new VerifierRecipe(model, encoder, other, settings);
  }
}
