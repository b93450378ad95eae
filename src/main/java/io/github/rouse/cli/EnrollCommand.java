package io.github.rouse.cli;

import io.github.rouse.model.WakeModel;
import io.github.rouse.train.EmbeddingBank;
import io.github.rouse.train.Enrolment;
import io.github.rouse.train.Enrolment.Enrolled;
import io.github.rouse.train.Enrolment.Expectation;
import io.github.rouse.train.SpokenSamples;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
  private static final Path BANK = Path.of("models", "multi", "words.bank");

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

  @Option(names = "--out", required = true, paramLabel = "MODEL", description = "Written.")
  Path out;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "The word. Default: the name of the file written.")
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
    String name = AudioPaths.stem(out);
    if (Files.exists(out) && (Files.isDirectory(out) || Files.isSameFile(out, base))) {
      throw new IllegalArgumentException(
          "out=" + out + ", expected a file other than MODEL, which is kept");
    }
    if (recordings.isEmpty() && !text) {
      throw new IllegalArgumentException("give --recordings, or --text, or both");
    }
    Path target = out.toAbsolutePath().getParent();
    if (target == null || !Files.isWritable(target)) { // now, not after a minute
      throw new IOException(target + ": no such folder, or it cannot be written to");
    }
    WakeModel model = WakeModel.read(base);
    EmbeddingBank others = EmbeddingBank.read(bank == null ? shipped() : bank);
    Enrolment enrolment = new Enrolment(model, others, seed, threads, console::say);
    String said = word == null ? name : word;
    List<Path> mistaken = hardNegatives.isEmpty() ? List.of() : EvalCommand.files(hardNegatives);
    Path folder = text ? Files.createTempDirectory("rouse-enroll-") : null;
    try {
      List<Path> spoken = text ? spoken(said, folder) : List.of();
      console.progress("enrolling " + said + ", about a minute");
      List<Path> people = recordings.isEmpty() ? List.of() : EvalCommand.files(recordings);
      Enrolment.Sources sources = new Enrolment.Sources(people, spoken, mistaken);
      Enrolled enrolled = enrolment.enrol(said, name, sources);
      console.progress("");
      enrolled.model().write(out);
      tell(enrolled);
      return 0;
    } finally {
      if (folder != null) {
        remove(folder);
      }
    }
  }

  private List<Path> spoken(String said, Path folder) throws IOException {
    SpokenSamples.write(Collections.nCopies(SPOKEN, said), folder, seed, done -> {});
    return EvalCommand.files(List.of(folder));
  }

  private static Path shipped() {
    return Path.of(System.getProperty("rouse.home", "")).resolve(BANK);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static Calibration calibration(Enrolled enrolled) {
    return enrolled.model().calibration().orElseThrow();
  }

  private void tell(Enrolled enrolled) {
    Expectation expectation = enrolled.expectation();
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %d of %d %s found, each by a detector made without it; of variants of these,"
                + " other voices, rooms and noise, %.0f %% missed",
            expectation.found(),
            expectation.recordings(),
            recordings.isEmpty() ? "synthetic samples" : "recordings",
            100 * expectation.variedMissRate()));
    console.print(
        String.format(
            Locale.ROOT,
            "expect: %.2g false alarms per hour at threshold %s, told from %.2f h of other speech",
            calibration(enrolled).perHour(enrolled.model().policy().threshold()),
            enrolled.model().policy().threshold(),
            expectation.hours()));
    if (recordings.isEmpty() && !common.quiet) {
      console.say("made of synthetic voices alone: people will be missed more often than these");
    }
    if (!common.quiet) {
      console.say("wrote " + out);
    }
  }
}
