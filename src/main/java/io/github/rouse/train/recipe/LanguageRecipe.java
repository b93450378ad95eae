// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/**
 * All settings of the training of a phoneme language model ({@code task: language}).
 *
 * @param dictionary words and their phonemes, in the format of the CMU Pronouncing Dictionary
 * @param texts files with a sentence or word on each line
 * @param network its size
 * @param schedule length of training, lines per batch, and share of the lines held out
 * @param optimisation optimiser; the loss is the cross-entropy of each symbol, {@code
 *     loss.smoothing} its label smoothing
 * @param seed of all random numbers
 */
public record LanguageRecipe(
    Path dictionary,
    List<Path> texts,
    LanguageNetwork network,
    Recipe.Schedule schedule,
    Recipe.Optimisation optimisation,
    long seed) {
  private static final Set<String> KEYS =
      Set.of("task", "dictionary", "texts", "network", "schedule", "optimisation", "seed");
  private static final Recipe.Schedule SCHEDULE =
      new Recipe.Schedule(20, 1000, 64, 0.05, 0, 0.999, 0, 0);

  /**
   * The size of the network.
   *
   * @param units of the GRU
   * @param dropout of the values after the GRU
   */
  public record LanguageNetwork(int units, double dropout) {
    /** A hundred thousand parameters. */
    public static final LanguageNetwork DEFAULT = new LanguageNetwork(160, 0.1);

    /** Checks the values. */
    public LanguageNetwork {
      Range.check("units", units, 1, 2048);
      Range.check("dropout", dropout, 0, 0.9);
    }
  }

  /** Checks that there is text. */
  public LanguageRecipe {
    texts = List.copyOf(texts);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts=[], expected at least one file");
    }
  }

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static LanguageRecipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(file, warnings, LanguageRecipe::recipe);
  }

  private static LanguageRecipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    yaml.rejectUnknown(root, KEYS);
    try {
      return new LanguageRecipe(
          yaml.path(yaml.required(top, "dictionary", root)),
          yaml.paths(top, "texts"),
          yaml.record(top.get("network"), LanguageNetwork.DEFAULT),
          yaml.record(top.get("schedule"), SCHEDULE),
          yaml.record(top.get("optimisation"), Recipe.Optimisation.DEFAULT),
          RecipeParts.seed(yaml, top));
    } catch (IllegalArgumentException e) {
      throw yaml.at(YamlFile.namedIn(top, root, e), e.getMessage());
    }
  }

  /** The recipe as YAML for a file in {@code folder}; {@link #read} reads it back. */
  public String toYaml(Path folder) {
    return "task: language\ndictionary: "
        + YamlFile.relative(dictionary, folder)
        + "\ntexts"
        + YamlFile.list(texts, folder, 2)
        + settings();
  }

  /** The recipe as YAML, without its paths. */
  public String settings() {
    return "network: "
        + YamlFile.fields(network)
        + "\nschedule: "
        + YamlFile.fields(schedule)
        + "\noptimisation: "
        + YamlFile.fields(optimisation)
        + "\nseed: "
        + seed
        + '\n';
  }

  /** A copy with another number of epochs. */
  public LanguageRecipe withEpochs(int epochs) {
    return new LanguageRecipe(
        dictionary, texts, network, schedule.withEpochs(epochs), optimisation, seed);
  }

  /** A copy with another seed. */
  public LanguageRecipe withSeed(long other) {
    return new LanguageRecipe(dictionary, texts, network, schedule, optimisation, other);
  }
}
