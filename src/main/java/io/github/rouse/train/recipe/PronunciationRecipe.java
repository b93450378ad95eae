// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/**
 * All settings of the training of a network from letters to phonemes ({@code task: pronunciation}).
 *
 * @param dictionary words and their phonemes, in the format of the CMU Pronouncing Dictionary
 * @param network its sizes
 * @param schedule length of training, words per batch, and share of the words held out
 * @param optimisation optimiser; the loss is the cross-entropy of each phoneme, {@code
 *     loss.smoothing} its label smoothing
 * @param seed of all random numbers
 */
public record PronunciationRecipe(
    Path dictionary,
    SpellingNetwork network,
    Recipe.Schedule schedule,
    Recipe.Optimisation optimisation,
    long seed) {
  private static final Set<String> KEYS =
      Set.of("task", "dictionary", "network", "schedule", "optimisation", "seed");
  private static final Recipe.Schedule SCHEDULE =
      new Recipe.Schedule(20, 1000, 128, 0.05, 0, 0.999, 0, 0);

  /**
   * The sizes of the network.
   *
   * @param encoder units of each direction of the encoder
   * @param decoder units of the decoder
   * @param attention units of the attention
   * @param dropout of the values after encoder and decoder
   */
  public record SpellingNetwork(int encoder, int decoder, int attention, double dropout) {
    /** Under a million parameters. */
    public static final SpellingNetwork DEFAULT = new SpellingNetwork(128, 256, 128, 0.2);

    /** Checks the values. */
    public SpellingNetwork {
      Range.check("encoder", encoder, 1, 2048);
      Range.check("decoder", decoder, 1, 2048);
      Range.check("attention", attention, 1, 2048);
      Range.check("dropout", dropout, 0, 0.9);
    }
  }

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static PronunciationRecipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(file, warnings, PronunciationRecipe::recipe);
  }

  private static PronunciationRecipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    yaml.rejectUnknown(root, KEYS);
    return new PronunciationRecipe(
        yaml.path(yaml.required(top, "dictionary", root)),
        yaml.record(top.get("network"), SpellingNetwork.DEFAULT),
        yaml.record(top.get("schedule"), SCHEDULE),
        yaml.record(top.get("optimisation"), Recipe.Optimisation.DEFAULT),
        RecipeParts.seed(yaml, top));
  }

  /** The recipe as YAML for a file in {@code folder}; {@link #read} reads it back. */
  public String toYaml(Path folder) {
    return "task: pronunciation\ndictionary: "
        + YamlFile.relative(dictionary, folder)
        + '\n'
        + settings();
  }

  /** The recipe as YAML, without its path. */
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
  public PronunciationRecipe withEpochs(int epochs) {
    return new PronunciationRecipe(
        dictionary, network, schedule.withEpochs(epochs), optimisation, seed);
  }

  /** A copy with another seed. */
  public PronunciationRecipe withSeed(long other) {
    return new PronunciationRecipe(dictionary, network, schedule, optimisation, other);
  }
}
