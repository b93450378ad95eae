// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.output.Console;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.speak.SpokenSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      negatable = true,
      description =
          "Let synthetic voices say the word too, which helps to detect other people; --no-text leaves"
              + " them out. Default with --recordings: if espeak-ng or flite is installed. Without"
              + " --recordings, --text makes the model of these voices alone.")
  Boolean text; // null: if voices are installed

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
      defaultValue = "" + Enrolment.SEED,
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
    if (threads < 1) { // before voices speak
      throw new IllegalArgumentException("threads=" + threads + ", expected at least 1");
    }
    if (recordings.isEmpty() && !Boolean.TRUE.equals(text)) {
      throw new IllegalArgumentException("give --recordings, or --text, or both");
    }
    Path file = bank == null ? shippedBank() : bank;
    Enroller enroller = new Enroller(base, file, seed, threads, console, common);
    String enrolledWord = wordFor(enroller.base());
    List<Path> recorded = AudioPaths.files(recordings, common.notes(console));
    if (!recordings.isEmpty()) {
      Enrolment.requireEnough(recorded);
    }
    List<Path> falseAlarms = AudioPaths.files(hardNegatives, common.notes(console));
    enroller.enrol(
        enrolledWord, recorded, usesVoices(), falseAlarms, heard, /* skipsUnusable= */ false, out);
    return 0;
  }

  /** Whether to use synthetic voices. */
  private boolean usesVoices() {
    boolean uses = text == null ? SpokenSamples.available() : text;
    if (text == null && !uses) {
      common
          .notes(console)
          .accept(
              "neither espeak-ng nor flite is installed: without synthetic voices, other people are"
                  + " missed more often; apt install espeak-ng");
    }
    return uses;
  }

  /** The shipped model whose encoder enrolment uses. */
  public static Path shippedEncoder() {
    return ModelFiles.models().resolve(Path.of("multi", "words.onnx"));
  }

  /** That encoder's embeddings of other speech. */
  public static Path shippedBank() {
    return ModelFiles.models().resolve(Path.of("multi", "words.bank"));
  }

  /** The word from the options; by default that of an enrolled model, or the output file. */
  private String wordFor(EnrolmentBase on) {
    String byDefault =
        on.enrolled().map(model -> model.words().get(0)).orElseGet(() -> AudioPaths.stem(out));
    String chosen = word != null ? word : byDefault;
    if (chosen.isBlank() || ModelFormatException.CONTROL.matcher(chosen).find()) {
      throw new IllegalArgumentException(
          "word=" + ModelFormatException.oneLine(chosen) + ", expected a printable word or phrase");
    }
    return chosen;
  }
}
