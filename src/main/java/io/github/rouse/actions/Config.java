// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import io.github.rouse.library.Library;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerPolicy;
import io.github.rouse.yaml.YamlFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The settings of a listener or server: a YAML file such as
 *
 * <pre>
 * save: {folder: clips, days: 7}
 * nearMisses: true
 * secondChance: 4
 * words:
 *   jarvis: {threshold: 0.6, exec: notify-send "$ROUSE_WORD"}
 * </pre>
 *
 * @param actions of all words, and of single ones
 * @param thresholds of words that have their own
 * @param places of the words in the file, for messages
 * @param secondChance after a near miss
 * @param nearMisses whether they are events too
 */
public record Config(
    ActionSettings actions,
    Map<String, Float> thresholds,
    Map<String, String> places,
    SecondChance secondChance,
    boolean nearMisses) {
  /** What holds without a file. */
  public static final Config NONE =
      new Config(ActionSettings.NONE, Map.of(), Map.of(), SecondChance.NONE, false);

  private static final Set<String> ACTIONS = Set.of("exec", "webhook", "chime");

  /**
   * Reads a file. Paths are relative to it.
   *
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static Config read(Path file) throws IOException {
    Library.SNAKEYAML.require();
    return Entries.read(file);
  }

  /** The same settings, with near misses as events. */
  public Config withNearMisses() {
    return new Config(actions, thresholds, places, secondChance, true);
  }

  /**
   * A model with the thresholds and the second chance of this file.
   *
   * @param thresholds whether they apply
   */
  public WakeModel applyTo(WakeModel model, boolean thresholds) {
    WakeModel result = model.withSecondChance(secondChance);
    for (String word : thresholds ? model.words() : Set.<String>of()) {
      Float own = this.thresholds.get(word);
      result = own == null ? result : result.withThreshold(word, own);
    }
    return result;
  }

  /**
   * Rejects a word that no model has.
   *
   * @throws IOException naming file, line and word
   */
  public void checkWords(Collection<String> known) throws IOException {
    for (Map.Entry<String, String> word : places.entrySet()) {
      if (!known.contains(word.getKey())) {
        throw new IOException(
            word.getValue()
                + word.getKey()
                + ": no model has this word, expected one of "
                + new TreeSet<>(known));
      }
    }
  }

  /** Reads the file; apart, so that no class of SnakeYAML is loaded without one. */
  private static final class Entries {
    private static final Set<String> KEYS =
        with(ACTIONS, "save", "nearMisses", "secondChance", "words");
    private static final Set<String> WORD_KEYS = with(ACTIONS, "save", "threshold");

    private final YamlFile yaml;
    private final Map<String, WordActions> actions = new LinkedHashMap<>();
    private final Map<String, Float> thresholds = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    private Entries(YamlFile yaml) {
      this.yaml = yaml;
    }

    static Config read(Path file) throws IOException {
      return YamlFile.read(
          file, "a file of settings", (yaml, root) -> new Entries(yaml).config(root));
    }

    private static Set<String> with(Set<String> keys, String... more) {
      Set<String> all = new TreeSet<>(keys);
      all.addAll(Set.of(more));
      return all;
    }

    private Config config(Node root) {
      Map<String, Node> top = yaml.fields(root);
      yaml.rejectUnknown(root, KEYS);
      if (top.containsKey("words")) {
        yaml.fields(top.get("words")).forEach(this::word);
      }
      ActionSettings settings =
          new ActionSettings(actions(top, null), actions, clips(top.get("save")));
      boolean nearMisses =
          top.containsKey("nearMisses") && yaml.flag("nearMisses", top.get("nearMisses"));
      return new Config(
          settings, thresholds, places, secondChance(top.get("secondChance")), nearMisses);
    }

    private void word(String word, Node node) {
      Map<String, Node> fields = yaml.fields(node);
      yaml.rejectUnknown(node, WORD_KEYS);
      places.put(word, yaml.place(node));
      Boolean save = fields.containsKey("save") ? yaml.flag("save", fields.get("save")) : null;
      actions.put(word, actions(fields, save));
      Node threshold = fields.get("threshold");
      if (threshold != null) {
        float value = (float) yaml.number(threshold);
        yaml.made(threshold, () -> TriggerPolicy.DEFAULT.withThreshold(value)); // checks it
        thresholds.put(word, value);
      }
    }

    private WordActions actions(Map<String, Node> fields, Boolean save) {
      String exec = fields.containsKey("exec") ? yaml.text(fields.get("exec")) : null;
      Boolean chime = fields.containsKey("chime") ? yaml.flag("chime", fields.get("chime")) : null;
      Node webhook = fields.get("webhook");
      return webhook == null
          ? new WordActions(exec, null, chime, save)
          : yaml.made(
              webhook, () -> new WordActions(exec, URI.create(yaml.text(webhook)), chime, save));
    }

    /** A folder, or a mapping with one. */
    private ClipSettings clips(Node node) {
      if (node == null) {
        return null;
      } else if (node instanceof ScalarNode) {
        return ClipSettings.in(yaml.path(node));
      }
      Path folder = yaml.path(yaml.required(yaml.fields(node), "folder", node));
      return yaml.record(node, ClipSettings.in(folder));
    }

    /** Seconds, or a mapping. */
    private SecondChance secondChance(Node node) {
      if (node == null) {
        return SecondChance.NONE;
      } else if (node instanceof ScalarNode) {
        float seconds = (float) yaml.number(node);
        return yaml.made(node, () -> SecondChance.DEFAULT.withSeconds(seconds));
      }
      return yaml.record(node, SecondChance.DEFAULT);
    }
  }
}
