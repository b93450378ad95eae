package io.github.rouse.cli;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
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

/** {@code rouse verify}: our engine against ONNX Runtime. */
@Command(
    name = "verify",
    description = "Compares the native engine with ONNX Runtime on the same file and audio.")
final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
  Path file;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "AUDIO", description = "What it hears.")
  List<Path> paths;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      paramLabel = "X",
      description = "Largest difference of posteriors that passes. Default: ${DEFAULT-VALUE}.")
  double tolerance;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("tolerance=" + tolerance + ", expected 0 or more");
    }
    WakeModel model = WakeModel.read(file);
    AudioPaths audio = new AudioPaths(paths);
    audio.problems().forEach(problem -> console.say(Console.describe(problem)));
    boolean sound = audio.problems().isEmpty();
    double worst = 0;
    for (Path path : audio.files()) {
      try (AudioFile one = AudioPaths.open(path, console)) {
        double difference = EngineComparison.largestDifference(model, one, Channel.FIRST);
        console.print(String.format(Locale.ROOT, "%s  %.3g", path, difference));
        worst = Math.max(worst, difference);
      } catch (IOException | IllegalStateException e) {
        console.say(Console.describe(e));
        sound = false;
      }
    }
    console.print(String.format(Locale.ROOT, "largest difference %.3g", worst));
    if (!(worst <= tolerance)) { // NaN is no agreement
      console.say(
          String.format(
              Locale.ROOT, "%s: %.3g is above the tolerance of %.3g", file, worst, tolerance));
      return Main.FAILED;
    }
    return sound ? 0 : Main.FAILED;
  }
}
