// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.actions.Config;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.JobsOption;
import io.github.rouse.cli.options.PhraseOptions;
import io.github.rouse.cli.options.PolicyOptions;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse spot}: finds typed phrases. */
@Command(
    name = "spot",
    description = {
      "Finds typed phrases in audio files or microphone input, without recordings or training, by"
          + " decoding phones.",
      "With a bank of other speech, a score of 0.5 means one false alarm an hour, 0.9 one in nine"
          + " hours: 1 / (1 + false alarms per hour)."
    },
    footer = "A model that is trained or enrolled for a word misses fewer than typed text does.")
final class SpotCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin PhraseOptions phrases;
  @Mixin PolicyOptions policy;
  @Mixin SoundOptions sound;
  @Mixin JobsOption jobs;
  @Mixin Listening listening;

  @ArgGroup(multiplicity = "1")
  Heard heard;

  /** What to hear. */
  static final class Heard {
    @Parameters(
        arity = "1..*",
        paramLabel = "PATH",
        description = "WAV, AIFF, AU, FLAC, MP3 or Ogg files, folders of them, or - for stdin.")
    List<Path> paths;

    @Option(
        names = "--listen",
        description = "Listen to a microphone, with the options of `rouse listen`.")
    boolean listen;
  }

  SpotCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (heard.listen) {
      Config config = listening.settings(policy.nearMisses);
      return listening.run(models(config), Engine.NATIVE, config, sound, common, console);
    }
    if (listening.any()) {
      throw new IllegalArgumentException(
          "--device, --duration, --meter, --exec, --webhook, --save, --chime, --second-chance and"
              + " --config need --listen");
    }
    Scanning scanning = new Scanning();
    scanning.jobs = jobs;
    scanning.check(heard.paths);
    List<WakeModel> models = models(Config.NONE);
    return scanning.run(
        heard.paths, models, Engine.NATIVE, policy.nearMisses, sound, common, console);
  }

  private List<WakeModel> models(Config config) throws IOException {
    WakeModel model = phrases.model(policy, config, common.details(console));
    config.checkWords(model.words());
    return List.of(model);
  }
}
