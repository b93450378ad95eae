// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static java.util.stream.Collectors.joining;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.pronounce.EspeakPhonemes;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.pronounce.Pronouncer.Pronounced;
import io.github.rouse.pronounce.PseudoWords;
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
  private static final int PRONUNCIATIONS = 4; // of the word to stay near, none of them invented

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

    @ArgGroup(exclusive = false)
    Invented invented;
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

  /** Invented words. */
  static final class Invented {
    @Option(
        names = "--pseudo",
        required = true,
        paramLabel = "N",
        description = "Say N invented words that sound English, once each. Some may be real words.")
    int count;

    @Option(
        names = "--near",
        paramLabel = "W",
        description =
            "Invent phrases one or two speech sounds away from this English word or phrase.")
    String near;

    @Option(
        names = "--temperature",
        paramLabel = "T",
        defaultValue = "1",
        description = "How odd they may be: lower for likelier sounds. Default: ${DEFAULT-VALUE}.")
    double temperature;
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
    if (texts.invented != null) {
      List<SpokenSamples.SpokenLine> lines =
          invented(texts.invented).stream().map(SpeakCommand::line).toList();
      SpokenSamples.byEspeak(lines, out, seed, done -> progress(done, lines.size()));
      sayWritten(lines.size());
    } else {
      List<String> sentences = sentences();
      SpokenSamples.limitation().ifPresent(common.notes(console));
      SpokenSamples.write(sentences, out, seed, done -> progress(done, sentences.size()));
      sayWritten(sentences.size());
    }
    return 0;
  }

  private void progress(int done, int all) {
    console.progress(done + " of " + all + " samples");
  }

  private void sayWritten(int samples) {
    console.progress("");
    if (!common.quiet) {
      console.say("wrote " + samples + " samples to " + out);
    }
  }

  private static SpokenSamples.SpokenLine line(List<List<String>> words) {
    String name = words.stream().map(word -> String.join("", word)).collect(joining("_"));
    return new SpokenSamples.SpokenLine(EspeakPhonemes.of(words), name);
  }

  /** Phonemes of each word of each phrase. */
  private List<List<List<String>>> invented(Invented invented) throws IOException {
    requirePositive("pseudo", invented.count);
    Path folder = ModelFiles.pronunciation();
    PhonemeLanguage language = PhonemeLanguage.read(folder.resolve(PhonemeLanguage.FILE));
    PseudoWords words = new PseudoWords(language, invented.temperature, seed);
    if (invented.near == null) {
      return words.sample(invented.count).stream().map(List::of).toList();
    }
    Pronouncer pronouncer = new Pronouncer(PronunciationModel.read(folder), null);
    List<List<List<String>>> given =
        pronouncer.pronounce(invented.near, PRONUNCIATIONS).stream()
            .map(Pronounced::words)
            .toList();
    return words.near(given, invented.count);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + "=" + value + ", expected at least 1");
    }
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
    requirePositive("count", repeated.count);
    if (repeated.word.isBlank()) {
      throw new IllegalArgumentException("word=" + repeated.word + ", expected a word or phrase");
    }
    return Collections.nCopies(repeated.count, repeated.word);
  }
}
