// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;

/**
 * All settings of a speech encoder's training ({@code task: encoder}). The encoder learns to give,
 * for sound as a microphone hears it, the vectors that a published speech embedding gives for the
 * clean sound (knowledge distillation: Hinton, Vinyals and Dean 2015).
 *
 * @param sources the recordings and the teacher
 * @param features input of the network
 * @param layers from the features to the last hidden layer; a dense layer follows, with as many
 *     outputs as the teacher has
 * @param clips composition of a training clip
 * @param augmentation {@code voice} varies the recordings, each variant once; the rest varies the
 *     clips
 * @param schedule length of training, batches and held-out speakers
 * @param optimisation optimiser; the loss is the squared error and the cosine distance
 * @param seed of all random numbers
 */
public record EncoderRecipe(
    EncoderSources sources,
    FeatureSpec features,
    List<LayerPlan> layers,
    EncoderClips clips,
    Recipe.Augmentation augmentation,
    Recipe.Schedule schedule,
    Recipe.Optimisation optimisation,
    long seed) {
  private static final Set<String> KEYS =
      Set.of(
          "task",
          "sounds",
          "backgrounds",
          "rooms",
          "teacher",
          "channel",
          "features",
          "network",
          "clips",
          "augmentation",
          "schedule",
          "optimisation",
          "seed");

  private static final List<LayerPlan> LAYERS = chain();

  /** A chain of convolutions that sees 0.87 s. */
  private static List<LayerPlan> chain() {
    List<LayerPlan> layers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      layers.add(i == 0 ? new LayerPlan.Conv(128, 5, 4) : new LayerPlan.Conv(160, 5, 1));
      layers.add(new LayerPlan.Norm());
      layers.add(new LayerPlan.Relu());
    }
    return List.copyOf(layers);
  }

  private static final Recipe.Schedule SCHEDULE =
      new Recipe.Schedule(100, 100, 40, 0.05, 0, 0.998, 0, 0);

  /**
   * The training data.
   *
   * @param sounds speech, and some noise and music, that teacher and encoder hear
   * @param backgrounds noise, music and distant talk that only the encoder hears, on top
   * @param rooms measured impulse responses, besides simulated ones
   * @param teacher ONNX files: one from PCM to mel bands, one from these to vectors
   * @param channel of the recordings
   */
  public record EncoderSources(
      List<Path> sounds,
      List<Path> backgrounds,
      List<Path> rooms,
      List<Path> teacher,
      Channel channel) {
    /** Checks the paths and the channel. */
    public EncoderSources {
      Recipe.checkOne(channel);
      if (sounds.isEmpty()) {
        throw new IllegalArgumentException("sounds=[], expected at least one");
      }
      if (teacher.size() != 2) {
        throw new IllegalArgumentException(
            "teacher=" + teacher + ", expected two ONNX files: mel bands, and embedding");
      }
    }
  }

  /**
   * The composition of training clips.
   *
   * @param seconds length of a clip
   * @param variants of each recording: the first as it is, the others with varied voices
   * @param cosine weight of the cosine distance beside the mean squared error
   */
  public record EncoderClips(double seconds, int variants, double cosine) {
    /** EncoderClips of 4 s, four voices of each recording. */
    public static final EncoderClips DEFAULT = new EncoderClips(4, 4, 0.5);

    /** Checks the values. */
    public EncoderClips {
      Range.check("seconds", seconds, 1, 60);
      Range.check("variants", variants, 1, 100);
      Range.check("cosine", cosine, 0, 100);
    }
  }

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static EncoderRecipe read(Path file, Consumer<String> warnings) throws IOException {
    return RecipeParts.read(file, warnings, EncoderRecipe::recipe);
  }

  private static EncoderRecipe recipe(YamlFile yaml, Node root) {
    Map<String, Node> top = yaml.fields(root);
    yaml.rejectUnknown(root, KEYS);
    try {
      return new EncoderRecipe(
          new EncoderSources(
              yaml.paths(top, "sounds"),
              yaml.paths(top, "backgrounds"),
              yaml.paths(top, "rooms"),
              yaml.paths(top, "teacher"),
              RecipeParts.channel(yaml, top)),
          top.containsKey("features") ? RecipeParts.features(yaml, top) : FeatureSpec.LOG_MEL,
          RecipeParts.layers(yaml, top, LAYERS),
          yaml.record(top.get("clips"), EncoderClips.DEFAULT),
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
    return "task: encoder\nsounds"
        + YamlFile.list(sources.sounds, folder, 2)
        + "backgrounds"
        + YamlFile.list(sources.backgrounds, folder, 2)
        + "rooms"
        + YamlFile.list(sources.rooms, folder, 2)
        + "teacher"
        + YamlFile.list(sources.teacher, folder, 2)
        + settings();
  }

  /** The recipe as YAML, without its paths. */
  public String settings() {
    return RecipeParts.channel(sources.channel)
        + RecipeParts.network(features, layers)
        + RecipeParts.training(clips, augmentation, schedule, optimisation, seed);
  }

  /** A copy with another number of epochs. */
  public EncoderRecipe withEpochs(int epochs) {
    return new EncoderRecipe(
        sources,
        features,
        layers,
        clips,
        augmentation,
        schedule.withEpochs(epochs),
        optimisation,
        seed);
  }

  /** A copy with another channel. */
  public EncoderRecipe withChannel(Channel channel) {
    return new EncoderRecipe(
        new EncoderSources(
            sources.sounds, sources.backgrounds, sources.rooms, sources.teacher, channel),
        features,
        layers,
        clips,
        augmentation,
        schedule,
        optimisation,
        seed);
  }

  /** A copy with another seed. */
  public EncoderRecipe withSeed(long other) {
    return new EncoderRecipe(
        sources, features, layers, clips, augmentation, schedule, optimisation, other);
  }
}
