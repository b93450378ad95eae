package io.github.rouse.cli;

import io.github.rouse.train.SpokenSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse speak}: synthetic recordings of a word. */
@Command(
    name = "speak",
    description = "Makes synthetic recordings of a word through espeak-ng, in many voices.")
final class SpeakCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Option(names = "--word", required = true, paramLabel = "W", description = "What to say.")
  String word;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Written to.")
  Path out;

  @Option(names = "--count", required = true, paramLabel = "N", description = "How many.")
  int count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of voices, speeds and pitches. Default: ${DEFAULT-VALUE}.")
  long seed;

  SpeakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("count=" + count + ", expected at least 1");
    }
    if (word.isBlank()) {
      throw new IllegalArgumentException("word=" + word + ", expected something to say");
    }
    SpokenSamples.write(
        word, out, count, seed, done -> console.progress(done + " of " + count + " samples"));
    console.progress("");
    if (!common.quiet) {
      console.say("wrote " + count + " samples to " + out);
    }
    return 0;
  }
}
