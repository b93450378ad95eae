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
 * All settings of the training of a phone recogniser ({@code task: phones}): layers above those of
 * a speech encoder, which stay as they are, trained by connectionist temporal classification.
 *
 * @param sources encoder, recordings with their phones, noise and rooms
 * @param layers above the encoder's last hidden layer; a dense layer follows
 * @param clips composition of a training clip
 * @param augmentation of the clips; {@code voice} varies half of the utterances
 * @param schedule length of training, batches and held-out speakers
 * @param optimisation optimiser
 * @param seed of all random numbers
 */
public record PhoneRecipe(
    PhoneSources sources,
    List<LayerPlan> layers,
    PhoneClips clips,
    Recipe.Augmentation augmentation,
    Recipe.Schedule schedule,
    Recipe.Optimisation optimisation,
    long seed) {
  private static final Set<String> KEYS =
      Set.of(
          "task",
          "encoder",
          "utterances",
          "backgrounds",
          "rooms",
          "network",
          "clips",
          "augmentation",
          "schedule",
          "optimisation",
          "seed");

  private static final List<LayerPlan> LAYERS =
      List.of(new LayerPlan.Norm(), new LayerPlan.Recurrent("gru", 160));
  private static final Recipe.Schedule SCHEDULE =
      new Recipe.Schedule(40, 100, 16, 0.05, 0, 0.998, 0, 0);

  /**
   * The training data.
   *
   * @param encoder a speech encoder, or a detector whose verifier has one
   * @param utterances lists of them, each drawn from as often
   * @param backgrounds noise, music and distant talk
   * @param rooms measured impulse responses, besides simulated ones
   */
  public record PhoneSources(
      Path encoder, List<Path> utterances, List<Path> backgrounds, List<Path> rooms) {
    /** Checks the paths. */
    public PhoneSources {
      if (utterances.isEmpty()) {
        throw new IllegalArgumentException("utterances=[], expected at least one list");
      }
    }
  }

  /**
   * The composition of training clips: utterances one after another.
   *
   * @param seconds length of a clip
   * @param pause longest between utterances, seconds
   */
  public record PhoneClips(double seconds, double pause) {
    /** Clips of 8 s, pauses of at most 0.6 s. */
    public static final PhoneClips DEFAULT = new PhoneClips(8, 0.6);

    /** Checks the values. */
    public PhoneClips {
      Range.check("seconds", seconds, 1, 60);
      Range.check("pause", pause, 0, 10);
    }
  }

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static PhoneRecipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(file, warnings, PhoneRecipe::recipe);
  }

  private static PhoneRecipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    yaml.rejectUnknown(root, KEYS);
    try {
      return new PhoneRecipe(
          new PhoneSources(
              yaml.path(yaml.required(top, "encoder", root)),
              yaml.paths(top, "utterances"),
              yaml.paths(top, "backgrounds"),
              yaml.paths(top, "rooms")),
          RecipeParts.layers(yaml, top, LAYERS),
          yaml.record(top.get("clips"), PhoneClips.DEFAULT),
          yaml.record(top.get("augmentation"), Recipe.Augmentation.DEFAULT),
          yaml.record(top.get("schedule"), SCHEDULE),
          yaml.record(top.get("optimisation"), Recipe.Optimisation.DEFAULT),
          RecipeParts.seed(yaml, top));
    } catch (IllegalArgumentException e) {
      throw yaml.at(YamlFile.namedIn(top, root, e), e.getMessage());
    }
  }

  /** The recipe as YAML for a file in {@code folder}; {@link #read} reads it back. */
  public String toYaml(Path folder) {
    return "task: phones\nencoder: "
        + YamlFile.relative(sources.encoder, folder)
        + "\nutterances"
        + YamlFile.list(sources.utterances, folder, 2)
        + "backgrounds"
        + YamlFile.list(sources.backgrounds, folder, 2)
        + "rooms"
        + YamlFile.list(sources.rooms, folder, 2)
        + settings();
  }

  /** The recipe as YAML, without its paths. */
  public String settings() {
    return RecipeParts.network(layers)
        + RecipeParts.training(clips, augmentation, schedule, optimisation, seed);
  }

  /** A copy with another number of epochs. */
  public PhoneRecipe withEpochs(int epochs) {
    return new PhoneRecipe(
        sources, layers, clips, augmentation, schedule.withEpochs(epochs), optimisation, seed);
  }

  /** A copy with another seed. */
  public PhoneRecipe withSeed(long other) {
    return new PhoneRecipe(sources, layers, clips, augmentation, schedule, optimisation, other);
  }
}
