package io.github.rouse.cli;

import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse export}: a model in another form. */
@Command(name = "export", description = "Writes a model of some of a model's words.")
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model.")
  Path file;

  @Option(
      names = "--word",
      required = true,
      paramLabel = "W",
      description = "A word to keep; repeatable.")
  List<String> words;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Written.")
  Path out;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    WakeModel model = WakeModel.read(file).of(words, AudioPaths.stem(out));
    Files.createDirectories(out.toAbsolutePath().getParent());
    model.write(out);
    if (!common.quiet) {
      console.say("wrote " + out + ": " + String.join(", ", words));
    }
    return 0;
  }
}
