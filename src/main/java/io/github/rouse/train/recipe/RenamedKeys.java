// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Moves the values of earlier keys of a recipe to the keys that replaced them. */
final class RenamedKeys {
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          entry("clips.mistaken", "clips.hardNegatives"),
          entry("augmentation.speed", "augmentation.voice.speed"),
          entry("augmentation.tempo", "augmentation.voice.tempo"),
          entry("augmentation.rhythm", "augmentation.voice.rhythm"),
          entry("augmentation.closures", "augmentation.voice.closures"),
          entry("augmentation.pitch", "augmentation.voice.pitch"),
          entry("augmentation.formants", "augmentation.voice.formants"),
          entry("augmentation.noise", "augmentation.noise.probability"),
          entry("augmentation.lowestSnrDb", "augmentation.noise.lowestSnrDb"),
          entry("augmentation.highestSnrDb", "augmentation.noise.highestSnrDb"),
          entry("augmentation.babble", "augmentation.noise.babble"),
          entry("schedule.carried", "schedule.statefulClips"),
          entry("optimisation.loss", "optimisation.loss.function"),
          entry("optimisation.positiveWeight", "optimisation.loss.positiveWeight"),
          entry("optimisation.phoneWeight", "optimisation.loss.phoneWeight"),
          entry("optimisation.smoothing", "optimisation.loss.smoothing"));

  private RenamedKeys() {}

  /**
   * Moves the values in a recipe's nodes. Only plain values move: {@code noise: 0.8} is an earlier
   * key, {@code noise: {probability: 0.8}} is not.
   *
   * @param renamed receives each earlier key and a message with both names
   */
  static void move(Node root, BiConsumer<Node, String> renamed) {
    if (!(root instanceof MappingNode top)) {
      return;
    }
    for (NodeTuple section : top.getValue()) {
      if (section.getValueNode() instanceof MappingNode values) {
        for (NodeTuple value : List.copyOf(values.getValue())) {
          String old = name(section) + "." + name(value);
          String key = RENAMED.get(old);
          if (key != null && value.getValueNode() instanceof ScalarNode) {
            values.getValue().remove(value);
            add(values, key.split("\\."), value);
            renamed.accept(value.getKeyNode(), old + " is now " + key);
          }
        }
      }
    }
  }

  /** Adds a value to a section under a key: section and name, or section, group and name. */
  private static void add(MappingNode section, String[] key, NodeTuple value) {
    MappingNode to = key.length == 2 ? section : group(section, key[1], value.getKeyNode());
    String name = key[key.length - 1];
    to.getValue().add(new NodeTuple(named(name, value.getKeyNode()), value.getValueNode()));
  }

  /** The mapping of that name in a section, a new one if there is none. */
  private static MappingNode group(MappingNode section, String name, Node at) {
    for (NodeTuple value : section.getValue()) {
      if (name(value).equals(name) && value.getValueNode() instanceof MappingNode group) {
        return group;
      }
    }
    MappingNode group =
        new MappingNode(
            Tag.MAP, true, new ArrayList<>(), at.getStartMark(), at.getEndMark(), FlowStyle.FLOW);
    section.getValue().add(new NodeTuple(named(name, at), group));
    return group;
  }

  private static ScalarNode named(String name, Node at) {
    return new ScalarNode(Tag.STR, name, at.getStartMark(), at.getEndMark(), ScalarStyle.PLAIN);
  }

  private static String name(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
  }
}
