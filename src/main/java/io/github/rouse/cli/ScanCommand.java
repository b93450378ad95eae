// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.actions.Config;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelOptions;
import io.github.rouse.cli.options.PhraseOptions;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rouse scan}: detects words in audio files. */
@Command(
    name = "scan",
    description = "Detects words in audio files.",
    footer = "A truncated file gives events up to the break, but no output files.")
final class ScanCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin ModelOptions models;
  @Mixin PhraseOptions phrases;
  @Mixin SoundOptions sound;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "WAV, AIFF, AU, FLAC, MP3 or Ogg files, folders of them, or - for stdin.")
  List<Path> paths;

  @Mixin Scanning scanning;

  ScanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    scanning.check(paths);
    List<WakeModel> loaded = phrases.beside(models, Config.NONE, common.details(console));
    boolean nearMisses = models.policy.nearMisses;
    return scanning.run(paths, loaded, models.engine, nearMisses, sound, common, console);
  }
}
