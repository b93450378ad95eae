// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.EngineComparison;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse verify}: compares the native engine with ONNX Runtime. */
@Command(
    name = "verify",
    description =
        "Compares the native engine with ONNX Runtime on the same model and audio; --passport"
            + " checks the model's claims about itself.")
public final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
  Path file;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "AUDIO", description = "Audio to run.")
  List<Path> paths = List.of();

  @Option(
      names = "--passport",
      description = "Check the hash of the weights, and the claims that the options below cover.")
  boolean passport;

  @Option(
      names = "--negatives",
      paramLabel = "PATH",
      description =
          "With --passport: sound without the words, to check the false-alarm rates; repeatable.")
  List<Path> negatives = List.of();

  @Option(
      names = "--require-signed",
      paramLabel = "KEY",
      description = "With --passport: the public key (PEM, Ed25519) of the expected signer.")
  Path signer;

  @Mixin ChannelOption channel;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      paramLabel = "X",
      description = "The largest difference in posteriors that passes. Default: ${DEFAULT-VALUE}.")
  double tolerance;

  public VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("tolerance=" + tolerance + ", expected 0 or more");
    }
    if (paths.isEmpty() && !passport) {
      throw new IllegalArgumentException("AUDIO is required without --passport");
    }
    if (!passport && (!negatives.isEmpty() || signer != null)) {
      throw new IllegalArgumentException("--negatives and --require-signed need --passport");
    }
    WakeModel model = WakeModel.read(file);
    if (model.requiresOnnxRuntime() && !paths.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": runs only in ONNX Runtime, so there is nothing to compare");
    }
    boolean holds =
        !passport || new Passport(file, model, console).check(signer, negatives, channel.orAuto());
    if (paths.isEmpty()) {
      return holds ? 0 : ExitCode.FAILED;
    }
    AudioPaths audio = new AudioPaths(paths);
    audio.problems().forEach(problem -> console.say(Console.describe(problem)));
    boolean passed = holds && audio.problems().isEmpty();
    double worst = 0;
    boolean compared = false;
    for (Path path : audio.files()) {
      int passes = 1;
      for (int pass = 1; pass <= passes; pass++) {
        try (AudioFile one = AudioPaths.open(path, console)) {
          List<Channel> channels = ChannelOption.passes(channel.orAuto(), path, one);
          passes = channels.size();
          Channel used = channels.get(pass - 1);
          double difference = EngineComparison.largestDifference(model, one, used);
          String name = passes == 1 ? path.toString() : path + "#channel=" + used;
          console.print(String.format(Locale.ROOT, "%s  %.3g", name, difference));
          worst = Math.max(worst, difference);
          compared = true;
        } catch (IOException | IllegalStateException e) {
          console.say(Console.describe(e));
          passed = false;
        }
      }
    }
    if (!compared) {
      return ExitCode.FAILED;
    }
    console.print(String.format(Locale.ROOT, "largest difference %.3g", worst));
    if (!(worst <= tolerance)) { // also fails on NaN
      console.say(
          String.format(
              Locale.ROOT, "%s: %.3g is above the tolerance of %.3g", file, worst, tolerance));
      return ExitCode.FAILED;
    }
    return passed ? 0 : ExitCode.FAILED;
  }
}
