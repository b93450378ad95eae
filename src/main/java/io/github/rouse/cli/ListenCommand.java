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
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rouse listen}: the background listener. */
@Command(name = "listen", description = "Listens to a microphone and reports detections.")
final class ListenCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Mixin ModelOptions models;
  @Mixin PhraseOptions phrases;
  @Mixin SoundOptions sound;
  @Mixin Listening listening;

  ListenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Config config = listening.settings(models.policy.nearMisses);
    List<WakeModel> loaded = phrases.beside(models, config, common.details(console));
    return listening.run(loaded, models.engine, config, sound, common, console);
  }
}
