// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.speak.SpokenSamples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse speak}: makes synthetic recordings of a word or of other speech. */
@Command(name = "speak", description = "Makes synthetic recordings with espeak-ng, in many voices.")
public final class SpeakCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @ArgGroup(exclusive = true, multiplicity = "1")
  Texts texts;

  /** The texts to say. */
  static final class Texts {
    @ArgGroup(exclusive = false)
    Repeated repeated;

    @Option(
        names = "--lines",
        paramLabel = "FILE",
        description = "Say each line of a text file once: speech without the word.")
    Path lines;
  }

  /** One text in many voices. */
  static final class Repeated {
    @Option(names = "--word", required = true, paramLabel = "W", description = "What to say.")
    String word;

    @Option(
        names = "--count",
        required = true,
        paramLabel = "N",
        description = "The number of samples.")
    int count;
  }

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write to.")
  Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The random seed for voices, speeds and pitches. Default: ${DEFAULT-VALUE}.")
  long seed;

  public SpeakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<String> sentences = sentences();
    SpokenSamples.write(
        sentences,
        out,
        seed,
        done -> console.progress(done + " of " + sentences.size() + " samples"));
    console.progress("");
    if (!common.quiet) {
      console.say("wrote " + sentences.size() + " samples to " + out);
    }
    return 0;
  }

  private List<String> sentences() throws IOException {
    if (texts.lines != null) {
      try (Stream<String> lines = Files.lines(texts.lines)) {
        List<String> sentences = lines.filter(line -> !line.isBlank()).toList();
        if (sentences.isEmpty()) {
          throw new IOException(texts.lines + ": has no line to say");
        }
        return sentences;
      } catch (UncheckedIOException e) {
        throw new IOException(texts.lines + ": is not a UTF-8 text file", e);
      }
    }
    Repeated repeated = texts.repeated;
    if (repeated.count < 1) {
      throw new IllegalArgumentException("count=" + repeated.count + ", expected at least 1");
    }
    if (repeated.word.isBlank()) {
      throw new IllegalArgumentException("word=" + repeated.word + ", expected a word or phrase");
    }
    return Collections.nCopies(repeated.count, repeated.word);
  }
}
