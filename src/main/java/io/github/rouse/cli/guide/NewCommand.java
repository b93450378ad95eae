// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.advice.Advice;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.models.EnrollCommand;
import io.github.rouse.cli.models.Enroller;
import io.github.rouse.cli.models.Takes;
import io.github.rouse.cli.models.UsualPronouncer;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.options.UserData;
import io.github.rouse.cli.output.AdviceFormat;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.Shell;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.web.OwnWords;
import io.github.rouse.speak.SpokenSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rouse new}: from a word to a listener that detects it. */
@Command(
    name = "new",
    description =
        "Guides you from a word to a running listener: advice, microphone check, recordings, model,"
            + " listening test, threshold, service. Run it again to continue where you stopped.",
    footer = {
      "Steps: advise, microphone, record, enroll, test, tune, service.",
      "The page of `rouse serve` uses the same recordings and models."
    })
public final class NewCommand implements Callable<Integer> {
  private static final double MICROPHONE_SECONDS = 5;

  private final Console console;
  private long computing; // ns

  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "WORD", description = "The word or phrase, such as \"hey nova\".")
  String word;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "The number of recordings; 0 makes the model of synthetic voices alone. Default:"
              + " ${DEFAULT-VALUE}.")
  int count;

  @Option(
      names = "--talk",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Length of other speech in the listening test. Default: ${DEFAULT-VALUE}.")
  long talkSeconds;

  @Option(names = "--device", paramLabel = "NAME|N", description = "As for listen.")
  String device;

  @Option(names = "--skip", paramLabel = "STEP", description = "Leave a step out; repeatable.")
  Set<Stage> skipped = Set.of();

  @Option(
      names = "--from",
      paramLabel = "STEP",
      description = "Repeat this step and those after it.")
  Stage from;

  @Option(names = "--yes", description = "Take every step without asking.")
  boolean yes;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder of recordings, models and progress. Default: ~/.local/share/rouse.")
  Path data = UserData.folder();

  public NewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 0 || (count > 0 && count < Enrolment.FEWEST_RECORDINGS) || count > 50) {
      throw new IllegalArgumentException(
          "count=" + count + ", expected 0 or " + Enrolment.FEWEST_RECORDINGS + " to 50");
    }
    if (talkSeconds < 1 || talkSeconds > 3600) {
      throw new IllegalArgumentException("talk=" + talkSeconds + ", expected 1 to 3600");
    }
    Dialogue dialogue = new Dialogue(console, !yes);
    OwnWords words =
        new OwnWords(
            data.resolve("recordings"),
            data.resolve("models"),
            EnrollCommand.shippedEncoder(),
            EnrollCommand.shippedBank());
    Path folder = data.resolve("new").resolve(OwnWords.stem(word));
    StepFile progress = StepFile.read(folder, word);
    if (from != null) {
      progress.returnTo(from);
    }
    long begun = System.nanoTime();
    for (Stage step : Stage.values()) {
      if (progress.isOver(step)) {
        continue;
      }
      Dialogue.Reply answer = skipped.contains(step) ? Dialogue.Reply.SKIP : dialogue.ask(step);
      if (answer == Dialogue.Reply.STOP) {
        console.say("stopped; " + again("") + " continues here");
        return 0;
      }
      boolean isTaken = answer == Dialogue.Reply.GO;
      if (isTaken && !take(step, words, folder)) {
        return ExitCode.FAILED;
      }
      progress.note(step);
    }
    common
        .notes(console)
        .accept(
            String.format(
                Locale.ROOT,
                "ready after %.0f s, of which %.0f s computing; %s starts over",
                (System.nanoTime() - begun) * 1e-9,
                computing * 1e-9,
                again(" --from " + Stage.ADVISE)));
    return 0;
  }

  /** This command, to be pasted. */
  private String again(String options) {
    return "`rouse new " + Shell.quoted(word) + options + "`";
  }

  /** Takes a step; false if it failed and said why. */
  private boolean take(Stage step, OwnWords words, Path folder) throws IOException {
    switch (step) {
      case ADVISE -> advise();
      case MICROPHONE -> {
        return checkMicrophone();
      }
      case RECORD -> record(words);
      case ENROLL -> enroll(words);
      case TEST -> test(words, folder);
      case TUNE -> tune(words, folder);
      case SERVICE -> {
        return installService(made(words));
      }
    }
    return true;
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Does work that needs no person, and adds its time. */
  private void compute(Work work) throws IOException {
    long begun = System.nanoTime();
    work.run();
    computing += System.nanoTime() - begun;
  }

  private void advise() throws IOException {
    compute(
        () -> {
          List<String> known = new ArrayList<>();
          for (Path file : ModelFiles.shipped()) {
            known.addAll(WakeModel.read(file).words());
          }
          Advice advice =
              Advice.on(
                  word,
                  known.stream().distinct().toList(),
                  Advice.VOICE,
                  UsualPronouncer.orNull(common.notes(console)));
          AdviceFormat.TEXT.lines(List.of(advice)).forEach(console::print);
        });
  }

  private boolean checkMicrophone() {
    List<Finding> findings = MicrophoneTrial.run(device, MICROPHONE_SECONDS, console);
    FindingFormat.TEXT.lines(findings).forEach(console::print);
    if (Finding.isFaulty(findings)) {
      console.say("`rouse doctor` checks more; then run " + again("") + " again");
    }
    return !Finding.isFaulty(findings);
  }

  private void record(OwnWords words) throws IOException {
    if (count == 0) {
      console.say("no recordings, as --count is 0");
      return;
    }
    Path folder = words.folder(word);
    Takes takes = new Takes(word, folder, console, common);
    int there = words.list(word).size();
    int missing = from == Stage.RECORD ? count : count - there;
    if (missing > 0) {
      takes.record(device, Channel.AUTO, "", missing, file -> console.print(file.toString()));
    } else {
      console.say(folder + " already has " + there + " recordings");
    }
    compute(
        () -> takes.reportOutliers(words.files(word), "run " + again(" --from record --count 3")));
  }

  private void enroll(OwnWords words) throws IOException {
    List<Path> recordings = count == 0 ? List.of() : words.files(word);
    boolean text = SpokenSamples.available();
    if (recordings.isEmpty() && !text) {
      throw new IOException(
          "no recordings, and neither espeak-ng nor flite is installed: run "
              + again(" --from record")
              + ", or apt install espeak-ng");
    }
    if (!recordings.isEmpty()) {
      Enrolment.requireEnough(recordings);
    }
    Path out = words.model(word);
    Files.createDirectories(out.getParent());
    int threads = Runtime.getRuntime().availableProcessors();
    compute(
        () ->
            new Enroller(
                    EnrollCommand.shippedEncoder(),
                    EnrollCommand.shippedBank(),
                    Enrolment.SEED,
                    threads,
                    console,
                    common)
                .enrol(
                    word,
                    recordings,
                    text,
                    List.of(),
                    Channel.AUTO,
                    /* skipsUnusable= */ true,
                    out));
  }

  /** The model, which an earlier step has made. */
  private Path made(OwnWords words) throws IOException {
    Path model = words.model(word);
    if (!Files.exists(model)) {
      throw new IOException("no model yet: " + again(" --from " + Stage.ENROLL) + " makes one");
    }
    return model;
  }

  private void test(OwnWords words, Path folder) throws IOException {
    ListeningTest test = new ListeningTest(WakeModel.read(made(words)), device, console);
    Files.createDirectories(folder);
    int heard = test.ofWord(folder.resolve("words.wav"));
    int alarms = test.ofOtherSpeech(folder.resolve("talk.wav"), talkSeconds);
    console.print(
        String.format(
            Locale.ROOT,
            "test: detected %d of %d, %d false alarms in %d s",
            heard,
            ListeningTest.TIMES,
            alarms,
            talkSeconds));
  }

  private void tune(OwnWords words, Path folder) throws IOException {
    Path said = folder.resolve("words.wav");
    Path talk = folder.resolve("talk.wav");
    if (!Files.exists(said) || !Files.exists(talk)) {
      console.say("no listening test was made; the model keeps its threshold");
      return;
    }
    compute(
        () -> {
          Path file = words.model(word);
          Tuning tuning = Tuning.of(WakeModel.read(file), said, talk);
          tuning.model().write(file);
          console.print(tuning.describe());
          if (tuning.found() < ListeningTest.TIMES) {
            console.say(
                "a lower threshold would cost too many false alarms; more recordings help: "
                    + again(" --from record"));
          }
        });
  }

  /** Starts the listener, now and at each login. */
  private boolean installService(Path model) {
    console.say("to listen in a terminal instead, and run a command for each detection:");
    console.print(
        "rouse listen --model "
            + Shell.quoted(model.toString())
            + " --exec 'notify-send \"$ROUSE_WORD\"'");
    return spec.root()
            .commandLine()
            .getSubcommands()
            .get("service")
            .execute("install", "listen", "--", "--model", model.toAbsolutePath().toString())
        == 0;
  }
}
