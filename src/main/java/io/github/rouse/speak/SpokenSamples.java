// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Synthesises recordings of words and sentences with espeak-ng and, if installed, flite, with
 * random accents, voices, speeds and pitches. They extend a small set of real recordings but do not
 * replace it.
 */
public final class SpokenSamples {
  private static final int OF_EACH = 120; // samples of a word, and of other phrases

  /** The number of files that {@link #ofWord} writes. */
  public static final int OF_A_WORD = 2 * OF_EACH;

  private static final int MOST_WORDS = 3; // of such a phrase

  private static final String FLITE = "flite";
  private static final double FLITE_SHARE = 0.4; // few voices, but recorded from people
  private static final int WAV_HEADER = 44; // bytes
  private static final int AS_WRITTEN = 4; // one sample of a word in four
  private static final int LONGEST_NAME = 40; // characters of the text in a file name
  private static final List<String> ACCENTS =
      List.of("en-gb", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029");
  private static final List<String> VARIANTS =
      List.of(
          ("m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 adam Alex Alicia Andrea Andy Annie anikaRobot"
                  + " belinda benjamin boris caleb david ed edward Gene grandma grandpa Jacky john"
                  + " kaukovalta linda Marco Mario max Michael Mike paul pedro quincy rob robert"
                  + " sandro shelby steph travis victor zac")
              .split(" "));
  private static final List<String> FLITE_VOICES = List.of("kal16", "awb", "rms", "slt"); // 16 kHz

  /** Whether espeak-ng or flite is installed. */
  public static boolean available() {
    return Espeak.installed() || SpeechProgram.installed(FLITE);
  }

  /** What to tell the user of the voices, if those of flite alone speak. */
  public static Optional<String> limitation() {
    return Espeak.installed() || !SpeechProgram.installed(FLITE)
        ? Optional.empty()
        : Optional.of("espeak-ng: not found; flite's four voices speak instead, which is weaker");
  }

  /** A voice: its name, used as the speaker, and its command without the output arguments. */
  private record Voice(String name, List<String> command) {}

  private SpokenSamples() {}

  /**
   * What to say.
   *
   * @param text for the program
   * @param name part of the file's name
   */
  public record SpokenLine(String text, String name) {}

  /**
   * Writes a WAV file of each text into a folder. File names begin with the voice, which therefore
   * counts as the speaker. With the same programs installed, a seed always gives the same samples.
   * Where a program says nothing of a text, there is no file.
   *
   * @param done receives the number of files written so far
   * @return the files
   * @throws IOException if neither espeak-ng nor flite is installed, or a program fails
   */
  public static List<Path> write(List<String> texts, Path folder, long seed, IntConsumer done)
      throws IOException {
    List<SpokenLine> lines = texts.stream().map(text -> new SpokenLine(text, text)).toList();
    return write(lines, Espeak.installed(), SpeechProgram.installed(FLITE), folder, seed, done);
  }

  /**
   * Writes a WAV file of each line, see {@link #write}; all by espeak-ng, whose markup it may have.
   */
  public static List<Path> byEspeak(
      List<SpokenLine> lines, Path folder, long seed, IntConsumer done) throws IOException {
    return write(lines, Espeak.installed(), false, folder, seed, done);
  }

  private static List<Path> write(
      List<SpokenLine> lines,
      boolean espeak,
      boolean flite,
      Path folder,
      long seed,
      IntConsumer done)
      throws IOException {
    Files.createDirectories(folder);
    if (!flite) {
      Espeak.require("to synthesise samples");
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Path> written = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.get(i).text;
      String plain = lines.get(i).name.replaceAll("[^\\p{L}\\p{N}]+", "_");
      String name =
          plain
              .codePoints()
              .limit(LONGEST_NAME)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      boolean useFlite = (random.nextDouble() < FLITE_SHARE && flite) || !espeak;
      Voice voice = useFlite ? flite(random) : espeak(random);
      Path target =
          folder.resolve(String.format(Locale.ROOT, "%s-%s-%04d.wav", voice.name, name, i));
      Path partial = target.resolveSibling("." + target.getFileName() + ".part");
      List<String> command = new ArrayList<>(voice.command);
      command.addAll(
          useFlite
              ? List.of("-o", "" + partial, "-t", text)
              : List.of("-w", "" + partial, "--", text));
      try {
        SpeechProgram.run(command, "", Espeak.SECONDS);
        if (!Files.exists(partial)) {
          throw new IOException(command.get(0) + ": did not write " + target);
        }
        if (Files.size(partial) <= WAV_HEADER) { // flite reads Latin letters only
          done.accept(i + 1);
          continue;
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
          throw new IOException(target + ": exists and is no file");
        }
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
      written.add(target);
      done.accept(i + 1);
    }
    return written;
  }

  /**
   * Synthetic samples for enrolling a word.
   *
   * @param word samples of the word
   * @param others samples of other phrases
   */
  public record SpokenWord(List<Path> word, List<Path> others) {
    /** No samples, for enrolment from recordings alone. */
    public static final SpokenWord NONE = new SpokenWord(List.of(), List.of());
  }

  /**
   * Writes samples of a word for its enrolment, and as many of other phrases, see {@link #write}.
   * Most say the word as it is read aloud; one in four says it as it is written, where commas make
   * pauses and capitals may be spelt out. If no voice can say the word, there are no samples.
   */
  public static SpokenWord ofWord(String word, Path folder, long seed, IntConsumer done)
      throws IOException {
    String plain =
        word.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}'’]+", " ").strip();
    List<String> texts = new ArrayList<>(Collections.nCopies(OF_EACH, plain));
    for (int i = 0; i < texts.size(); i += AS_WRITTEN) {
      texts.set(i, word);
    }
    List<Path> samples = write(texts, folder.resolve("word"), seed, done);
    if (samples.isEmpty()) {
      return SpokenWord.NONE;
    }
    List<String> others = others(plain, new SplittableRandom(seed));
    return new SpokenWord(
        samples, write(others, folder.resolve("others"), seed + 1, n -> done.accept(OF_EACH + n)));
  }

  /** Random phrases of common words, none of them in the given phrase. */
  static List<String> others(String phrase, SplittableRandom random) {
    Set<String> said = Set.copyOf(Arrays.asList(phrase.split(" ")));
    List<String> words =
        CommonWords.english().stream()
            .filter(word -> !said.contains(word.toLowerCase(Locale.ROOT)))
            .toList();
    return Stream.generate(
            () ->
                random
                    .ints(random.nextInt(1, MOST_WORDS + 1), 0, words.size())
                    .mapToObj(words::get)
                    .collect(Collectors.joining(" ")))
        .limit(OF_EACH)
        .toList();
  }

  private static Voice espeak(SplittableRandom random) {
    String accent = ACCENTS.get(random.nextInt(ACCENTS.size()));
    String variant = VARIANTS.get(random.nextInt(VARIANTS.size()));
    String speed = "" + (110 + random.nextInt(100)); // words per minute
    String pitch = "" + (15 + random.nextInt(70)); // of 99
    return new Voice(
        "espeak" + accent.replace("-", "") + variant,
        List.of(Espeak.PROGRAM, "-v", accent + "+" + variant, "-s", speed, "-p", pitch));
  }

  private static Voice flite(SplittableRandom random) {
    String name = FLITE_VOICES.get(random.nextInt(FLITE_VOICES.size()));
    String stretch = String.format(Locale.ROOT, "%.2f", 0.75 + 0.6 * random.nextDouble());
    String pitch = "" + (80 + random.nextInt(150)); // mean, Hz
    return new Voice(
        "flite" + name,
        List.of(
            FLITE,
            "-voice",
            name,
            "--setf",
            "duration_stretch=" + stretch,
            "--setf",
            "int_f0_target_mean=" + pitch));
  }
}
