// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.audio.Channel;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.speak.SpokenSamples.SpokenWord;
import io.github.rouse.speak.TemporaryFolder;
import io.github.rouse.train.data.RecordingCheck;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Words that users record and enrol through the page or with {@code rouse new}. The recordings of a
 * word lie in a folder of its own; clients know them by number.
 */
public final class OwnWords {
  private static final int LONGEST_WORD = 60; // characters
  private static final int LONGEST_STEM = 200; // bytes; file systems take 255
  private static final int MOST = 50; // recordings of a word
  private static final double LONGEST_SECONDS = 10;
  private static final Pattern NUMBERED = Pattern.compile("(\\d{1,4})\\.wav");

  private final Path recordings;
  private final Path models;
  private final Path base;
  private final Path bank;

  /**
   * Opens a user's words.
   *
   * @param recordings folder of folders
   * @param models folder that takes the enrolled models
   * @param base model whose encoder enrolment uses
   * @param bank embeddings of other speech
   */
  public OwnWords(Path recordings, Path models, Path base, Path bank) {
    this.recordings = recordings;
    this.models = models;
    this.base = base;
    this.bank = bank;
  }

  /** A file name for the word, in which only letters, digits and hyphens remain. */
  public static String stem(String word) {
    String plain = Normalizer.normalize(word, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String stem = plain.replaceAll("[^\\p{L}\\p{M}\\p{N}]+", "-").replaceAll("^-|-$", "");
    int bytes = stem.getBytes(StandardCharsets.UTF_8).length; // normalising may lengthen it
    if (stem.isEmpty() || word.length() > LONGEST_WORD || bytes > LONGEST_STEM) {
      throw new IllegalArgumentException(
          "word="
              + word
              + ", expected a word or phrase of at most "
              + LONGEST_WORD
              + " characters");
    }
    return stem;
  }

  /** The folder of a word's recordings. */
  public Path folder(String word) {
    return recordings.resolve(stem(word));
  }

  /** The file of a word's model. */
  public Path model(String word) {
    return models.resolve(stem(word) + ".onnx");
  }

  /** The numbers of a word's recordings, which are files such as {@code 1.wav}. */
  public List<Integer> list(String word) throws IOException {
    Path folder = folder(word);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NUMBERED.matcher(file.getFileName().toString()))
          .filter(name -> name.matches())
          .map(name -> Integer.parseInt(name.group(1)))
          .sorted()
          .toList();
    }
  }

  /** A word's recordings, in the order of their numbers. */
  public List<Path> files(String word) throws IOException {
    Path folder = folder(word);
    return list(word).stream().map(number -> folder.resolve(number + ".wav")).toList();
  }

  /**
   * A recording.
   *
   * @throws NoSuchFileException if there is none of that number
   */
  Path file(String word, String number) throws NoSuchFileException {
    Path file = folder(word).resolve(number + ".wav");
    if (!NUMBERED.matcher(number + ".wav").matches() || !Files.isRegularFile(file)) {
      throw new NoSuchFileException("recording " + number);
    }
    return file;
  }

  /**
   * Keeps a recording, cut to its word.
   *
   * @param sound an audio file
   * @return its number
   * @throws IllegalArgumentException if it is no usable recording of a word, with the reason
   * @throws IOException if it is no sound, or cannot be written
   */
  synchronized int add(String word, Path sound) throws IOException {
    List<Integer> before = list(word);
    if (before.size() >= MOST) {
      throw new IllegalArgumentException("there are " + MOST + " recordings already");
    }
    ShortSound read = ShortSound.read(sound, LONGEST_SECONDS);
    RecordingCheck take = RecordingCheck.of(read.samples(), read.rate());
    if (take.refusal() != null) {
      throw new IllegalArgumentException(take.refusal());
    }
    int number = before.isEmpty() ? 1 : before.get(before.size() - 1) + 1;
    Path folder = Files.createDirectories(folder(word));
    Path file = folder.resolve(number + ".wav");
    new ShortSound(take.samples(), read.rate()).write(file);
    for (int other : before) {
      if (Files.mismatch(file, folder.resolve(other + ".wav")) < 0) {
        Files.delete(file);
        throw new IllegalArgumentException("the same sound as recording " + other);
      }
    }
    return number;
  }

  /** Whether synthetic voices are installed, so that a word needs no recordings. */
  static boolean canSpeak() {
    return SpokenSamples.available();
  }

  /** A message without the paths of this machine's folders. */
  String withoutPaths(Exception problem) {
    return String.valueOf(problem.getMessage()).replace(recordings + File.separator, "");
  }

  /** Deletes a recording. */
  synchronized void delete(String word, String number) throws IOException {
    Files.delete(file(word, number));
  }

  /**
   * Makes a model from a word's recordings, in the folder that the server watches, and, where they
   * are installed, from synthetic voices; without recordings from these alone. One at a time.
   *
   * @param progress receives a line for each step
   * @param problems receives what is wrong with single recordings, and a note if synthetic voices
   *     were left out
   * @throws IOException if the recordings do not suffice, with the reason
   */
  synchronized Enrolment.Enrolled enrol(
      String word, Consumer<String> progress, Consumer<String> problems) throws IOException {
    String stem = stem(word);
    List<Path> files = files(word);
    boolean synthetic = canSpeak();
    if (!files.isEmpty() || !synthetic) {
      Enrolment.requireEnough(files);
    }
    Enrolment.Enrolled enrolled;
    try (TemporaryFolder folder = new TemporaryFolder()) {
      SpokenWord spoken = SpokenWord.NONE;
      if (synthetic) {
        progress.accept("synthetic voices say " + word);
        SpokenSamples.limitation().ifPresent(progress);
        spoken = SpokenSamples.ofWord(word, folder.path(), Enrolment.SEED, done -> {});
      }
      progress.accept("enrolling " + word + ", about half a minute");
      EmbeddingBank embeddings = EmbeddingBank.read(bank);
      Enrolment enrolment =
          new Enrolment(
              EnrolmentBase.read(base, embeddings),
              embeddings,
              Enrolment.SEED,
              Runtime.getRuntime().availableProcessors(),
              problem -> problems.accept(withoutPaths(problem)));
      enrolled =
          enrolment.enrol(
              word,
              stem,
              new Enrolment.EnrolmentSources(
                  files,
                  spoken.word(),
                  spoken.others(),
                  List.of(),
                  Channel.AUTO,
                  /* skipsUnusable= */ false));
    }
    Files.createDirectories(models);
    enrolled.model().write(model(word));
    return enrolled;
  }
}
