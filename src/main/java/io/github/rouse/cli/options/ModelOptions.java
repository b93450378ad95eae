// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.actions.Config;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Signature;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The models to run, the engine and the trigger policy. */
public final class ModelOptions {
  @Mixin public ModelFiles files;

  @Option(
      names = "--engine",
      paramLabel = "native|onnxruntime",
      defaultValue = "native",
      description = "The engine that runs the network. Default: ${DEFAULT-VALUE}.")
  public Engine engine;

  @Mixin public PolicyOptions policy;

  @Option(
      names = "--require-signed",
      paramLabel = "KEY",
      description = "Refuse models that this public key (PEM, Ed25519) has not signed.")
  Path signer;

  @Option(
      names = "--no-verifier",
      description = "Let the streaming network alone decide, without a second look.")
  boolean noVerifier;

  /** Reads one model. */
  public interface Reader {
    WakeModel read(Path file) throws IOException;
  }

  /**
   * Reads the models and applies the policy options, and a file's settings, which a threshold,
   * sensitivity or rate given here overrides.
   */
  List<WakeModel> load(Config config) throws IOException {
    Reader reader = reader(config);
    List<WakeModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path file : files.orShipped()) {
      WakeModel model = reader.read(file);
      if (!names.add(model.name())) {
        throw new IllegalArgumentException(
            "model=" + file + ": a model named " + model.name() + " is given twice");
      }
      models.add(model);
    }
    return models;
  }

  /** Checks the options; the result reads a model and applies them to it, and a file's settings. */
  public Reader reader(Config config) throws IOException {
    policy.check();
    PublicKey key = signer == null ? null : Signature.publicKey(signer);
    return file -> {
      WakeModel read = key == null ? WakeModel.read(file) : WakeModel.read(file, key);
      WakeModel model = noVerifier ? read.withoutVerifier() : read;
      String remedy = "add one with `rouse tune " + file + " --negatives PATH`";
      WakeModel ready = model.withPolicy(policy.of(model, file, remedy));
      WakeModel set = config.applyTo(ready, !policy.given());
      return engine == Engine.NATIVE ? set.fused() : set;
    };
  }
}
