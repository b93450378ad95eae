// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.actions.ActionSettings;
import io.github.rouse.actions.ClipSettings;
import io.github.rouse.actions.Config;
import io.github.rouse.actions.WordActions;
import io.github.rouse.trigger.SecondChance;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The actions on an event, and the file that sets them for single words. */
public final class ActionOptions {
  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description =
          "Run this shell command on each event, with $ROUSE_WORD, $ROUSE_SCORE, $ROUSE_TIME (UTC),"
              + " $ROUSE_SOURCE and $ROUSE_CLIP (with --save) in its environment. {word}, {score},"
              + " {time}, {source} and {clip} are filled in. Its output is shown.")
  String exec;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description =
          "POST each event to URL as JSON. While URL cannot be reached or answers 429 or 5xx,"
              + " events are sent again for half a minute.")
  URI webhook;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description =
          "Write a WAV of each event, with the sound before and after. DIR keeps 1 GB or 30 days"
              + " of them, and those named in DIR/marks.jsonl.")
  Path save;

  @Option(names = "--chime", description = "Play a chime on each event.")
  boolean chime;

  @Option(
      names = "--second-chance",
      paramLabel = "SECONDS",
      description = "For so long after a near miss, seven tenths of the threshold are enough.")
  Float secondChance;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A YAML file with thresholds and actions of single words (docs/actions.md). Options"
              + " override what it says of all words, and a threshold given here all of its own.")
  Path config;

  /** Whether the user asked for any action. */
  public boolean given() {
    return exec != null || webhook != null || save != null || chime || config != null;
  }

  /** Whether any of these options is given. */
  public boolean any() {
    return given() || secondChance != null;
  }

  /** What the file and the options say together. */
  public Config read() throws IOException {
    Config file = config == null ? Config.NONE : Config.read(config);
    ActionSettings actions = file.actions();
    WordActions given = new WordActions(exec, webhook, chime ? true : null, null);
    return new Config(
        new ActionSettings(given.or(actions.general()), actions.words(), clips(actions.clips())),
        file.thresholds(),
        file.places(),
        secondChance == null
            ? file.secondChance()
            : base(file.secondChance()).withSeconds(secondChance),
        file.nearMisses());
  }

  private ClipSettings clips(ClipSettings ofFile) {
    if (save == null) {
      return ofFile;
    }
    return ofFile == null ? ClipSettings.in(save) : ofFile.withFolder(save);
  }

  private static SecondChance base(SecondChance ofFile) {
    return ofFile.seconds() == 0 ? SecondChance.DEFAULT : ofFile;
  }
}
