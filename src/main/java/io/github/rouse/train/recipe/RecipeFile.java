// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.trigger.TriggerPolicy;
import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/** Reads and writes a {@link Recipe} as YAML. Paths are relative to the file. */
public final class RecipeFile {
  static final Set<String> KEYS =
      Set.of(
          "task",
          "words",
          "auxiliary",
          "negatives",
          "backgrounds",
          "rooms",
          "phones",
          "teachers",
          "channel",
          "features",
          "network",
          "clips",
          "augmentation",
          "schedule",
          "optimisation",
          "policy",
          "seed");

  private RecipeFile() {}

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static Recipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(
        file,
        warnings,
        (yaml, root) -> {
          yaml.rejectUnknown(root, KEYS);
          return recipe(yaml, root);
        });
  }

  /** The recipe of a file that may have further keys. */
  static Recipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    FeatureSpec features = RecipeParts.features(yaml, top);
    List<LayerPlan> layers = RecipeParts.layers(yaml, top, LayerPlan.COMPACT);
    try {
      return new Recipe(
          new Recipe.Sources(
              words(yaml, yaml.required(top, "words", root)),
              top.containsKey("auxiliary") ? words(yaml, top.get("auxiliary")) : Map.of(),
              yaml.paths(top, "negatives"),
              yaml.paths(top, "backgrounds"),
              yaml.paths(top, "rooms"),
              yaml.paths(top, "phones"),
              yaml.paths(top, "teachers"),
              RecipeParts.channel(yaml, top)),
          features,
          layers,
          yaml.record(top.get("clips"), Recipe.Clips.DEFAULT),
          yaml.record(top.get("augmentation"), Recipe.Augmentation.DEFAULT),
          yaml.record(top.get("schedule"), Recipe.Schedule.DEFAULT),
          yaml.record(top.get("optimisation"), Recipe.Optimisation.DEFAULT),
          yaml.record(top.get("policy"), TriggerPolicy.DEFAULT),
          RecipeParts.seed(yaml, top));
    } catch (IllegalArgumentException e) {
      throw yaml.at(YamlFile.namedIn(top, root, e), e.getMessage());
    }
  }

  private static Map<String, List<Path>> words(YamlFile yaml, Node node) {
    Map<String, List<Path>> words = new LinkedHashMap<>();
    yaml.fields(node).forEach((word, paths) -> words.put(word, yaml.paths(paths)));
    return words;
  }

  /** The recipe as YAML for a file in {@code folder}; {@link #read} reads it back. */
  public static String toYaml(Recipe recipe, Path folder) {
    Recipe.Sources sources = recipe.sources();
    StringBuilder yaml = new StringBuilder("words:\n").append(words(sources.positives(), folder));
    if (!sources.auxiliary().isEmpty()) {
      yaml.append("auxiliary:\n").append(words(sources.auxiliary(), folder));
    }
    yaml.append("negatives").append(YamlFile.list(sources.negatives(), folder, 2));
    yaml.append("backgrounds").append(YamlFile.list(sources.backgrounds(), folder, 2));
    if (!sources.rooms().isEmpty()) {
      yaml.append("rooms").append(YamlFile.list(sources.rooms(), folder, 2));
    }
    if (!sources.phones().isEmpty()) {
      yaml.append("phones").append(YamlFile.list(sources.phones(), folder, 2));
    }
    if (!sources.teachers().isEmpty()) {
      yaml.append("teachers").append(YamlFile.list(sources.teachers(), folder, 2));
    }
    yaml.append(RecipeParts.channel(sources.channel()));
    yaml.append(RecipeParts.network(recipe.features(), recipe.layers()));
    yaml.append("clips: ").append(YamlFile.fields(recipe.clips())).append('\n');
    yaml.append("augmentation: ").append(YamlFile.fields(recipe.augmentation())).append('\n');
    yaml.append("schedule: ").append(YamlFile.fields(recipe.schedule())).append('\n');
    yaml.append("optimisation: ").append(YamlFile.fields(recipe.optimisation())).append('\n');
    yaml.append("policy: ").append(YamlFile.fields(recipe.policy())).append('\n');
    return yaml.append("seed: ").append(recipe.seed()).append('\n').toString();
  }

  private static String words(Map<String, List<Path>> words, Path folder) {
    StringBuilder text = new StringBuilder();
    words.forEach(
        (word, paths) ->
            text.append("  ")
                .append(YamlFile.quoted(word))
                .append(YamlFile.list(paths, folder, 4)));
    return text.toString();
  }
}
