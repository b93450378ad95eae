// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads and writes what recipes have in common: features, layers, channel and seed. */
final class RecipeParts {
  private static final Map<String, FeatureSpec> FEATURES =
      Map.of(
          "classic", FeatureSpec.CLASSIC,
          "logmel", FeatureSpec.LOG_MEL,
          "pcen", FeatureSpec.PCEN,
          "mfcc", FeatureSpec.MFCC);

  private RecipeParts() {}

  /**
   * Reads a recipe.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  static <R> R read(Path file, Consumer<String> warnings, YamlFile.Maker<R> maker)
      throws IOException {
    return YamlFile.read(
        file,
        "a recipe",
        (yaml, root) -> {
          RenamedKeys.move(root, (key, message) -> warnings.accept(yaml.place(key) + message));
          return maker.make(yaml, root);
        });
  }

  /** The features that a recipe names, {@link FeatureSpec#DEFAULT} if it names none. */
  static FeatureSpec features(YamlFile yaml, Map<String, Node> top) {
    Node features = top.get("features");
    if (features == null) {
      return FeatureSpec.DEFAULT;
    }
    FeatureSpec spec = FEATURES.get(yaml.text(features));
    if (spec == null) {
      throw yaml.at(
          features,
          "features: "
              + yaml.text(features)
              + ", expected one of "
              + new TreeSet<>(FEATURES.keySet()));
    }
    return spec;
  }

  /** The layers that a recipe lists, or {@code others} if it lists none. */
  static List<LayerPlan> layers(YamlFile yaml, Map<String, Node> top, List<LayerPlan> others) {
    return top.containsKey("network")
        ? yaml.items(top.get("network"), node -> layer(yaml, node))
        : others;
  }

  /** The channel of a recipe's recordings. */
  static Channel channel(YamlFile yaml, Map<String, Node> top) {
    Node channel = top.get("channel");
    return channel == null
        ? Channel.AUTO
        : yaml.made(channel, () -> Channel.parse(yaml.text(channel)));
  }

  /** The line of a channel; none for the default. */
  static String channel(Channel channel) {
    return channel.equals(Channel.AUTO) ? "" : "channel: " + channel + "\n";
  }

  /** A recipe's seed. */
  static long seed(YamlFile yaml, Map<String, Node> top) {
    return top.containsKey("seed")
        ? yaml.whole("seed", top.get("seed"), Long.MIN_VALUE, Long.MAX_VALUE)
        : Recipe.DEFAULT_SEED;
  }

  private static LayerPlan layer(YamlFile yaml, Node node) {
    if (node instanceof ScalarNode) {
      return switch (yaml.text(node)) {
        case "norm" -> new LayerPlan.Norm();
        case "relu" -> new LayerPlan.Relu();
        default -> throw yaml.at(node, yaml.text(node) + ": unknown layer, or its size is missing");
      };
    }
    Map<String, Node> fields = yaml.fields(node);
    if (fields.isEmpty()) {
      throw yaml.at(node, "expected a layer");
    }
    String kind = fields.keySet().iterator().next();
    Node value = fields.get(kind);
    if (fields.size() > 1) {
      throw yaml.at(node, "expected one layer per line, found " + fields.keySet());
    } else if (kind.equals("conv")) {
      return yaml.record(value, LayerPlan.Conv.DEFAULT);
    } else if (kind.equals("dropout")) {
      return yaml.made(value, () -> new LayerPlan.Dropout((float) yaml.number(value)));
    } else if (LayerPlan.RECURRENT.contains(kind)) {
      return yaml.made(value, () -> new LayerPlan.Recurrent(kind, yaml.size(kind, value)));
    }
    throw yaml.at(node, kind + ": unknown layer");
  }

  /** How a network is trained, as lines of a recipe. */
  static String training(
      Record clips,
      Recipe.Augmentation augmentation,
      Recipe.Schedule schedule,
      Recipe.Optimisation optimisation,
      long seed) {
    return "clips: "
        + YamlFile.fields(clips)
        + "\naugmentation: "
        + YamlFile.fields(augmentation)
        + "\nschedule: "
        + YamlFile.fields(schedule)
        + "\noptimisation: "
        + YamlFile.fields(optimisation)
        + "\nseed: "
        + seed
        + '\n';
  }

  /** The features and layers as lines of a recipe. */
  static String network(FeatureSpec features, List<LayerPlan> layers) {
    StringBuilder yaml = new StringBuilder();
    FEATURES.forEach(
        (name, spec) -> {
          if (spec.equals(features)) {
            yaml.append("features: ").append(name).append('\n');
          }
        });
    return yaml.append(network(layers)).toString();
  }

  /** The layers as lines of a recipe. */
  static String network(List<LayerPlan> layers) {
    StringBuilder yaml = new StringBuilder("network:\n");
    layers.forEach(layer -> yaml.append("  - ").append(line(layer)).append('\n'));
    return yaml.toString();
  }

  private static String line(LayerPlan layer) {
    if (layer instanceof LayerPlan.Conv conv) {
      return "conv: " + YamlFile.fields(conv);
    } else if (layer instanceof LayerPlan.Dropout dropout) {
      return "dropout: " + dropout.rate();
    } else if (layer instanceof LayerPlan.Recurrent recurrent) {
      return recurrent.kind() + ": " + recurrent.units();
    }
    return layer instanceof LayerPlan.Norm ? "norm" : "relu";
  }
}
