// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.Enrolment.Enrolled;
import io.github.rouse.enrol.Enrolment.Expectation;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse enroll}: makes a model of a new word from a few recordings. */
@Command(
    name = "enroll",
    description =
        "Makes a model of a new word from three to ten recordings, on a speech encoder's layers.")
public final class EnrollCommand implements Callable<Integer> {
  private static final int SYNTHETIC = 120; // samples of the word
  private static final int AS_WRITTEN =
      4; // one sample in four keeps the capitals and commas of --word

  /** Of {@code models/}: a model with the encoder that enrolment uses. */
  public static final Path SHIPPED = Path.of("multi", "words.onnx");

  /** Of {@code models/}: what that encoder makes of other speech. */
  public static final Path BANK = Path.of("multi", "words.bank");

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A speech encoder, or a detector whose verifier has one, such as models/multi/words.onnx;"
              + " an enrolled model gets a new version.")
  Path base;

  @Option(
      names = "--recordings",
      paramLabel = "DIR",
      description = "Recordings of the word, one word per file; repeatable.")
  List<Path> recordings = List.of();

  @Option(
      names = "--text",
      description =
          "Add espeak-ng's samples of the word, which helps to detect other people. Without"
              + " recordings it uses these alone.")
  boolean text;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL",
      description = "The model to write.")
  Path out;

  @Mixin ForceOption force;

  @Option(
      names = "--word",
      paramLabel = "W",
      description =
          "The word. Default: that of an enrolled MODEL, otherwise the name of the output file.")
  String word;

  @Option(
      names = "--hard-negatives",
      paramLabel = "DIR",
      description =
          "Recordings that caused false alarms, such as clips of listen --save; repeatable. If"
              + " MODEL has the word, a worse new version is not written.")
  List<Path> hardNegatives = List.of();

  @Mixin ChannelOption channel;

  @Option(
      names = "--bank",
      paramLabel = "FILE",
      description = "Embeddings of other speech (`rouse embed`). Default: the shipped bank.")
  Path bank;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The random seed. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: one per processor. The model is the same for any number.")
  int threads = Runtime.getRuntime().availableProcessors();

  public EnrollCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Channel heard = channel.ofWord(Channel.AUTO);
    AtomicFile.prepare(out);
    if (Files.exists(out) && Files.isSameFile(out, base)) {
      throw new IllegalArgumentException(
          "out=" + out + " is MODEL itself, which is never overwritten");
    }
    force.check(out);
    if (recordings.isEmpty() && !text) {
      throw new IllegalArgumentException("give --recordings, or --text, or both");
    }
    Path file = bank == null ? ModelFiles.models().resolve(BANK) : bank;
    EmbeddingBank embeddings = EmbeddingBank.read(file);
    EnrolmentBase on = readBase(file, embeddings);
    String enrolledWord = wordFor(on);
    List<Path> recorded = AudioPaths.files(recordings, common.notes(console));
    if (!recordings.isEmpty()) {
      Enrolment.requireEnough(recorded);
    }
    List<Path> falseAlarms = AudioPaths.files(hardNegatives, common.notes(console));
    Enrolment enrolment = enrolment(on, file, embeddings);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      List<Path> synthetic = text ? synthetic(enrolledWord, folder.path()) : List.of();
      console.progress("enrolling " + enrolledWord + ", about a minute");
      Enrolment.EnrolmentSources sources =
          new Enrolment.EnrolmentSources(recorded, synthetic, falseAlarms, heard, false);
      Enrolled enrolled = enrolment.enrol(enrolledWord, AudioPaths.stem(out), sources);
      enrolled.model().write(out);
      console.progress("");
      report(enrolled);
      return 0;
    }
  }

  /** The word from the options; by default that of an enrolled model, or the output file. */
  private String wordFor(EnrolmentBase on) {
    String byDefault =
        on.enrolled().map(model -> model.words().get(0)).orElseGet(() -> AudioPaths.stem(out));
    String chosen = word != null ? word : byDefault;
    if (chosen.isBlank()) {
      throw new IllegalArgumentException("word=" + chosen + ", expected a word or phrase");
    }
    return chosen;
  }

  private EnrolmentBase readBase(Path file, EmbeddingBank embeddings) throws IOException {
    try {
      return EnrolmentBase.read(base, embeddings);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bank=" + file + ": " + e.getMessage(), e);
    }
  }

  private Enrolment enrolment(EnrolmentBase on, Path file, EmbeddingBank embeddings) {
    try {
      return new Enrolment(
          on, embeddings, seed, threads, problem -> console.say(Console.describe(problem)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bank=" + file + ": " + e.getMessage(), e);
    }
  }

  private List<Path> synthetic(String word, Path folder) throws IOException {
    String plain =
        word.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}'’]+", " ").strip();
    List<String> texts = new ArrayList<>(Collections.nCopies(SYNTHETIC, plain));
    for (int i = 0; i < texts.size(); i += AS_WRITTEN) {
      texts.set(i, word); // commas make pauses, capitals may be spelt out
    }
    SpokenSamples.write(
        texts,
        folder,
        seed,
        done -> console.progress(done + " of " + SYNTHETIC + " synthetic samples"));
    return AudioPaths.files(List.of(folder), common.notes(console));
  }

  private void report(Enrolled enrolled) {
    Expectation expectation = enrolled.expectation();
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %d of %d %s detected (cross-validated); %.0f %% missed with the voice, room and"
                + " noise varied; more for other people",
            expectation.recordings() - expectation.missed().size(),
            expectation.recordings(),
            recordings.isEmpty() ? "synthetic samples" : "recordings",
            100 * expectation.variedMissRate()));
    Calibration calibration = enrolled.model().calibration().orElseThrow();
    float threshold = enrolled.model().policy().threshold();
    double rate = calibration.perHour(threshold);
    double factor = calibration.uncertainty(threshold);
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %.2g false alarms per hour (95 %%: %.2g to %.2g) at threshold %s, measured on"
                + " %.2f h of other speech; lower it with --false-alarms-per-hour",
            rate,
            rate / factor,
            rate * factor,
            threshold,
            expectation.hours()));
    if (!recordings.isEmpty()) {
      expectation
          .missed()
          .forEach(file -> console.say(file + ": not detected; is it the right word?"));
    }
    enrolled
        .versions()
        .ifPresent(
            v ->
                console.print(
                    "before: " + v.before() + System.lineSeparator() + "now: " + v.now()));
    if (recordings.isEmpty() && !common.quiet) {
      console.say("trained on synthetic voices alone: expect more misses for people");
    }
    if (!common.quiet) {
      console.say("wrote " + out);
    }
  }
}
