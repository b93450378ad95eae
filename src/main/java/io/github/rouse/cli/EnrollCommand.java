package io.github.rouse.cli;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.Enrolment.Enrolled;
import io.github.rouse.enrol.Enrolment.Expectation;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse enroll}: a new word from a few recordings. */
@Command(
    name = "enroll",
    description =
        "Makes a model of a new word from three to ten recordings, on the layers of a trained one.")
final class EnrollCommand implements Callable<Integer> {
  private static final int SPOKEN = 40; // samples of a text
  private static final Path BANK = Path.of("multi", "words.bank"); // in models/

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "Whose layers are kept, such as models/multi/words.onnx; or an enrolled model, of which"
              + " this becomes a new version.")
  Path base;

  @Option(
      names = "--recordings",
      paramLabel = "DIR",
      description = "Recordings of the word, one in each; repeatable.")
  List<Path> recordings = List.of();

  @Option(
      names = "--text",
      description =
          "The word as espeak-ng says it, too; without recordings, alone, which is much weaker.")
  boolean text;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL",
      description = "The model to write.")
  Path out;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "The word. Default: an enrolled MODEL's, or else the name of the file written.")
  String word;

  @Option(
      names = "--hard-negatives",
      paramLabel = "DIR",
      description =
          "Recordings that were taken for the word, such as clips of listen --save; repeatable. If"
              + " MODEL has the word, a new version that does worse than it is not written.")
  List<Path> hardNegatives = List.of();

  @Option(
      names = "--bank",
      paramLabel = "FILE",
      description =
          "What the layers make of other speech (`rouse embed`). Default: the shipped one.")
  Path bank;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything random. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: one per processor. The model does not depend on it.")
  int threads = Runtime.getRuntime().availableProcessors();

  EnrollCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    AtomicFile.prepare(out);
    if (Files.exists(out) && Files.isSameFile(out, base)) {
      throw new IllegalArgumentException("out=" + out + " is MODEL itself, which is kept");
    }
    if (recordings.isEmpty() && !text) {
      throw new IllegalArgumentException("give --recordings, or --text, or both");
    }
    WakeModel model = WakeModel.read(base);
    String said = said(model);
    List<Path> people = AudioPaths.files(recordings);
    if (!recordings.isEmpty()) {
      Enrolment.requireEnough(people);
    }
    List<Path> wrong = AudioPaths.files(hardNegatives);
    Enrolment enrolment = enrolment(model);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      List<Path> spoken = text ? spoken(said, folder.path()) : List.of();
      console.progress("enrolling " + said + ", about a minute");
      Enrolment.Sources sources = new Enrolment.Sources(people, spoken, wrong);
      Enrolled enrolled = enrolment.enrol(said, AudioPaths.stem(out), sources);
      enrolled.model().write(out);
      console.progress("");
      tell(enrolled);
      return 0;
    }
  }

  /** The word: a new version of an enrolled model is one of its word. */
  private String said(WakeModel model) {
    String said =
        word != null
            ? word
            : Enrolment.isEnrolled(model) ? model.words().get(0) : AudioPaths.stem(out);
    if (said.isBlank()) {
      throw new IllegalArgumentException("word=" + said + ", expected something to say");
    }
    return said;
  }

  private Enrolment enrolment(WakeModel model) throws IOException {
    Path file = bank == null ? ModelFiles.models().resolve(BANK) : bank;
    EmbeddingBank others = EmbeddingBank.read(file);
    try {
      return new Enrolment(
          model, others, seed, threads, problem -> console.say(Console.describe(problem)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bank=" + file + ": " + e.getMessage(), e);
    }
  }

  private List<Path> spoken(String said, Path folder) throws IOException {
    SpokenSamples.write(
        Collections.nCopies(SPOKEN, said),
        folder,
        seed,
        done -> console.progress(done + " of " + SPOKEN + " samples spoken"));
    return AudioPaths.files(List.of(folder));
  }

  private void tell(Enrolled enrolled) {
    Expectation expectation = enrolled.expectation();
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %d of %d %s found, each by a detector made without it; of these in other"
                + " voices, rooms and noise %.0f %% missed; of other people more",
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
            "expect: %.2g false alarms per hour (95 %%: %.2g to %.2g) at threshold %s, told from"
                + " %.2f h of other speech; fewer: --false-alarms-per-hour",
            rate,
            rate / factor,
            rate * factor,
            threshold,
            expectation.hours()));
    if (!recordings.isEmpty()) {
      expectation.missed().forEach(file -> console.say(file + ": not found; is it the word?"));
    }
    enrolled
        .versions()
        .ifPresent(
            v ->
                console.print(
                    "before: " + v.before() + System.lineSeparator() + "now: " + v.now()));
    if (recordings.isEmpty() && !common.quiet) {
      console.say("made of synthetic voices alone: people will be missed more often than these");
    }
    if (!common.quiet) {
      console.say("wrote " + out);
    }
  }
}
