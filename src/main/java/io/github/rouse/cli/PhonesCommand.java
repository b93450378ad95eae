// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.options.PhraseOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.eval.PhoneTrial;
import io.github.rouse.model.Engine;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.WakeModel;
import io.github.rouse.phones.BeamDecoder;
import io.github.rouse.phones.GreedyDecoder;
import io.github.rouse.phones.HeardPhone;
import io.github.rouse.phones.PhoneDecoder;
import io.github.rouse.phones.Utterance;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse phones}: prints the phones that are heard in audio files. */
@Command(
    name = "phones",
    description = "Prints the speech sounds heard in audio files: ARPAbet phones with times.")
final class PhonesCommand implements Callable<Integer> {
  private static final double PAUSE_SECONDS = 0.5; // begins a new line

  private final Console console;
  private PhonemeLanguage language; // null for greedy decoding

  @Mixin CommonOptions common;

  @ArgGroup(multiplicity = "1")
  Sounds sounds;

  /** What to hear. */
  static final class Sounds {
    @Parameters(
        arity = "1..*",
        paramLabel = "PATH",
        description = "Audio files, or folders of them.")
    List<Path> paths;

    @Option(
        names = "--references",
        paramLabel = "LIST",
        description =
            "Print the phone error rate instead, on a list with file, start, end and phones of each"
                + " utterance, separated by tabs.")
    Path references;
  }

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = "The phone recogniser. Default: models/" + PhraseOptions.NETWORK + ".")
  Path network;

  @Option(
      names = "--language-model",
      paramLabel = "FILE",
      description =
          "The phoneme language model of the beam search. Default: models/pronunciation/"
              + PhonemeLanguage.FILE
              + ".")
  Path languageModel;

  @Option(
      names = "--greedy",
      description = "Print the likeliest phone of each moment, without a language model.")
  boolean greedy;

  PhonesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (greedy && languageModel != null) {
      throw new IllegalArgumentException("give --greedy or --language-model");
    }
    PhoneModel model = PhraseOptions.recogniser(network);
    language = greedy ? null : language(model);
    if (sounds.references != null) {
      score(model);
      return 0;
    }
    AudioPaths audio = new AudioPaths(sounds.paths);
    audio.problems().forEach(problem -> console.say(Console.describe(problem)));
    audio.skipped().ifPresent(common.notes(console));
    boolean complete = audio.problems().isEmpty();
    for (Path path : audio.files()) {
      complete &= hear(path, model);
    }
    return complete ? 0 : ExitCode.FAILED;
  }

  private PhonemeLanguage language(PhoneModel model) throws IOException {
    Path file =
        languageModel == null
            ? ModelFiles.pronunciation().resolve(PhonemeLanguage.FILE)
            : languageModel;
    PhonemeLanguage read = PhonemeLanguage.read(file);
    try {
      model.phones().forEach(read::symbol); // fail now, not at the first file
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + ": " + e.getMessage() + "; give another, or --greedy", e);
    }
    return read;
  }

  /** Prints the phones of every track; returns whether each was read to its end. */
  private boolean hear(Path path, PhoneModel model) {
    boolean complete = true;
    int tracks = 1;
    for (int track = 1; track <= tracks; track++) {
      try (AudioFile audio = AudioPaths.open(path, track, console)) {
        tracks = Files.isRegularFile(path) ? audio.tracks() : 1;
        Map<String, ?> part = track == 1 ? Map.of() : Map.of(EventFormat.TRACK, track);
        hear(audio, EventFormat.within(path.toString(), part), model);
      } catch (IOException e) {
        console.say(Console.describe(e));
        complete = false;
      }
    }
    return complete;
  }

  private void hear(AudioFile audio, String source, PhoneModel model) throws IOException {
    Stretches stretches = new Stretches(source);
    double step = (double) model.stepSamples() / model.features().sampleRate();
    PhoneDecoder decoder =
        greedy
            ? new GreedyDecoder(model.phones(), step, stretches::add)
            : new BeamDecoder(model.phones(), step, language, stretches::add);
    DetectionHandler handler =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {}

          @Override
          public void posteriors(WakeModel listener, long at, float[] probabilities) {
            decoder.accept((double) at / model.features().sampleRate(), probabilities);
          }
        };
    try (Detector detector =
        new Detector(List.of(model.listener()), audio.sampleRate(), Engine.NATIVE, handler)) {
      try {
        audio.play(Channel.AUTO, detector);
      } finally {
        detector.finish(); // even after a read error: what came before it counts
      }
    } finally {
      decoder.finish();
      stretches.print();
    }
  }

  /** Phones between pauses, a line each. */
  private final class Stretches {
    private final String source;
    private final List<HeardPhone> phones = new ArrayList<>();

    Stretches(String source) {
      this.source = source;
    }

    void add(HeardPhone phone) {
      if (!phones.isEmpty()
          && phone.start() - phones.get(phones.size() - 1).end() > PAUSE_SECONDS) {
        print();
      }
      phones.add(phone);
    }

    void print() {
      if (!phones.isEmpty()) {
        console.print(
            String.format(
                Locale.ROOT,
                "%s  %.2f-%.2f  %s",
                source,
                phones.get(0).start(),
                phones.get(phones.size() - 1).end(),
                phones.stream().map(HeardPhone::phone).collect(Collectors.joining(" "))));
      }
      phones.clear();
    }
  }

  private void score(PhoneModel model) throws IOException {
    PhoneTrial trial = new PhoneTrial(model, language);
    List<Utterance> utterances = Utterance.read(sounds.references);
    for (Utterance utterance : utterances) {
      List<String> heard = trial.hear(utterance);
      if (common.verbose) {
        console.print("said   " + String.join(" ", utterance.phones()));
        console.print("heard  " + String.join(" ", heard));
      }
    }
    console.print(
        String.format(
            Locale.ROOT,
            "%d utterances, %d phones, %d errors: %.1f %%",
            utterances.size(),
            trial.errors().said(),
            trial.errors().errors(),
            100 * trial.errors().rate()));
  }
}
