// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.Signature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse sign}: signs models. */
@Command(
    name = "sign",
    description = {
      "Signs models with a private key; scan and listen check it with --require-signed.",
      "Sign a model again after any change, including `rouse tune`."
    })
public final class SignCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(arity = "0..*", paramLabel = "MODEL", description = "Models to sign in place.")
  List<Path> models = List.of();

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The private key: Ed25519, PKCS #8, PEM, as `openssl genpkey` writes it.")
  Path key;

  @Option(
      names = "--make",
      description = "Make the key first, and FILE.pub, the public key to share.")
  boolean make;

  public SignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (models.isEmpty() && !make) {
      throw new IllegalArgumentException("give a MODEL to sign, or --make");
    }
    if (make) {
      Path publicKey = key.resolveSibling(key.getFileName() + ".pub");
      Signature.makeKeys(key, publicKey);
      say("wrote " + key + " (keep it secret) and " + publicKey);
    }
    for (Path model : models) {
      Signature.sign(model, key);
      say("signed " + model);
    }
    return 0;
  }

  private void say(String line) {
    if (!common.quiet) {
      console.say(line);
    }
  }
}
