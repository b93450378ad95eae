// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.actions.Config;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.PhraseOptions;
import io.github.rouse.cli.options.PolicyOptions;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code rouse scan} that decide what is an event. */
final class JobModels {
  @Option(
      names = "--model",
      paramLabel = "FILE|NAME",
      description = "A model's file on the driver, or the name of a shipped one; repeatable.")
  List<String> files = List.of();

  @Option(
      names = "--no-verifier",
      description = "Let the streaming network alone decide, without a second look.")
  boolean noVerifier;

  @Mixin PolicyOptions policy;
  @Mixin PhraseOptions phrases;
  @Mixin ChannelOption channel;

  /** What these options ask for. */
  ScanSettings settings() throws IOException {
    return new ScanSettings(models(), channel.orAuto(), policy.nearMisses);
  }

  /** The models with their settings. */
  List<WakeModel> models() throws IOException {
    policy.check();
    List<WakeModel> models = new ArrayList<>();
    for (String file : files) {
      Path path = Path.of(file);
      WakeModel read = Files.exists(path) ? WakeModel.read(path) : WakeModel.named(file);
      WakeModel model = noVerifier ? read.withoutVerifier() : read;
      String remedy = "add one with `rouse tune " + file + " --negatives PATH`";
      models.add(model.withPolicy(policy.of(model, path, remedy)));
    }
    if (phrases.any()) {
      models.add(phrases.model(policy, Config.NONE, Jobs::say));
    }
    if (models.isEmpty()) {
      throw new IllegalArgumentException("give a --model or a --phrase");
    }
    return models;
  }
}
