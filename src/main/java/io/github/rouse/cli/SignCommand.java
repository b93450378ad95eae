package io.github.rouse.cli;

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

/** {@code rouse sign}: says whose a model is. */
@Command(
    name = "sign",
    description = {
      "Signs models with a key; --require-signed of scan and listen then tells who made them.",
      "Whoever changes a model, also `rouse tune`, signs it again."
    })
final class SignCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(arity = "0..*", paramLabel = "MODEL", description = "Signed in place.")
  List<Path> models = List.of();

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The private key: Ed25519, PKCS #8, PEM, as of `openssl genpkey`.")
  Path key;

  @Option(
      names = "--make",
      description = "Make the key first, and FILE.pub, the public one to give away.")
  boolean make;

  SignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (models.isEmpty() && !make) {
      throw new IllegalArgumentException("model, expected one to sign, or --make");
    }
    if (make) {
      Path open = key.resolveSibling(key.getFileName() + ".pub");
      Signature.makeKeys(key, open);
      say("wrote " + key + ", to be kept secret, and " + open);
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
