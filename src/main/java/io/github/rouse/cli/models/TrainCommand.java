// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ForceOption;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.TrainProgress;
import io.github.rouse.cli.output.TrainReport;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.enrol.Enrolment;
import io.github.rouse.enrol.EnrolmentBase;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.OutputLock;
import io.github.rouse.file.TextFile;
import io.github.rouse.library.Library;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.Checkpoint;
import io.github.rouse.train.Trainer;
import io.github.rouse.train.encoder.EncoderTrainer;
import io.github.rouse.train.language.LanguageTrainer;
import io.github.rouse.train.phones.PhoneTrainer;
import io.github.rouse.train.pronounce.PronunciationTrainer;
import io.github.rouse.train.recipe.EncoderRecipe;
import io.github.rouse.train.recipe.LanguageRecipe;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.PhoneRecipe;
import io.github.rouse.train.recipe.PronunciationRecipe;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.RecipeFile;
import io.github.rouse.train.recipe.RecipeTask;
import io.github.rouse.train.recipe.VerifierRecipe;
import io.github.rouse.train.verifier.VerifierTrainer;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse train}: trains a model from recordings. */
@Command(
    name = "train",
    description = "Trains a model from recordings, as a recipe or options say.")
public final class TrainCommand implements Callable<Integer> {
  private static final String WRITTEN = "# Written by rouse train from its options.";
  private static final int INTERRUPTED = 130;
  private static final int LAST_BATCH_SECONDS = 5; // longest wait after Ctrl-C

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE.yaml",
      description = "Data, network and training; docs/recipe.md describes every key.")
  Path recipe;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "The model to write.")
  Path out;

  @Mixin ForceOption force;

  @Option(names = "--word", paramLabel = "W", description = "Without a recipe: the word.")
  String word;

  @Option(
      names = "--positives",
      paramLabel = "DIR",
      description = "Without a recipe: recordings of the word; repeatable.")
  List<Path> positives = List.of();

  @Option(
      names = "--negatives",
      paramLabel = "DIR",
      description =
          "Without a recipe: recordings of other speech; repeatable. Without any, a head is trained"
              + " on the shipped speech encoder.")
  List<Path> negatives = List.of();

  @Option(
      names = "--backgrounds",
      paramLabel = "DIR",
      description = "Without a recipe: recordings of noise; repeatable.")
  List<Path> backgrounds = List.of();

  @Option(
      names = "--network",
      paramLabel = "compact|classic",
      description = "Without a recipe: the network. Default: compact.")
  String network;

  @Mixin ChannelOption channel;

  @Option(names = "--epochs", paramLabel = "N", description = "Overrides the recipe's.")
  Integer epochs;

  @Option(names = "--seed", paramLabel = "N", description = "Overrides the recipe's.")
  Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: one per processor. The trained model depends on it.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--resume", description = "Resume from the checkpoint beside the model.")
  boolean resume;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description =
          "Where to keep what a later run continues from. Default: beside the model. An encoder's"
              + " also holds what the teacher heard.")
  Path checkpoints;

  @Option(
      names = "--hard-negatives",
      paramLabel = "DIR",
      description =
          "With --resume: continue training on recordings that caused false alarms, such as clips"
              + " of listen --save; repeatable. Takes a quarter of the recipe's epochs.")
  List<Path> hardNegatives = List.of();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write report.html: loss curves after each epoch and, at the end, misses and false alarms"
              + " on the held-out speakers, with audio.")
  Path report;

  private OutputLock running; // while the model is being trained

  public TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Library.SNAKEYAML.require(); // also writes the recipe into the model
    try {
      return run();
    } finally {
      if (running != null) {
        running.close();
      }
    }
  }

  private int run() throws IOException {
    channel.ofWord(Channel.AUTO); // fail now, not after the recordings are read
    boolean options =
        word != null
            || network != null
            || !(positives.isEmpty() && negatives.isEmpty() && backgrounds.isEmpty());
    if (recipe != null && options) {
      throw new IllegalArgumentException(
          "give a RECIPE.yaml, or --word, --positives, --negatives, --backgrounds and --network");
    }
    Path folder = out.toAbsolutePath().getParent();
    Path kept = checkpoints == null ? folder : checkpoints;
    Path checkpoint = Checkpoint.unfinished(kept.resolve(out.getFileName()));
    if (recipe == null && word != null && !positives.isEmpty() && negatives.isEmpty()) {
      requireHeadOptions();
      checkOut(checkpoint);
      return trainHead();
    }
    RecipeTask task = recipe == null ? RecipeTask.WORDS : RecipeTask.of(recipe);
    if (task != RecipeTask.WORDS && !(hardNegatives.isEmpty() && report == null)) {
      throw new IllegalArgumentException("--hard-negatives and --report are for words");
    }
    boolean sound = task != RecipeTask.PRONUNCIATION && task != RecipeTask.LANGUAGE;
    if (!sound && channel.isGiven()) {
      throw new IllegalArgumentException("--channel is for recordings; a recipe of texts has none");
    }
    if (task != RecipeTask.WORDS) {
      return trainOther(task, kept, checkpoint);
    }
    Recipe plan = recipe == null ? fromOptions() : RecipeFile.read(recipe, console::say);
    plan = overridden(plan);
    checkOut(checkpoint);
    if (resume
        && hardNegatives.isEmpty()
        && !Files.exists(checkpoint)
        && Files.exists(Checkpoint.finished(kept.resolve(out.getFileName())))) {
      throw new IllegalArgumentException(
          out + ": training is complete: add --hard-negatives, or start over without --resume");
    }
    if (!hardNegatives.isEmpty() && !resume) {
      throw new IllegalArgumentException("--hard-negatives needs --resume");
    }
    if (hardNegatives.isEmpty()) {
      sayIfNothingToResume(checkpoint);
    }
    Path beside = recipe == null ? recipeBeside(folder) : null;
    TrainReport page =
        report == null
            ? null
            : new TrainReport(report, AudioPaths.stem(out), plan.sources().channel());
    TrainProgress progress = new TrainProgress(console, common.quiet, threads, page);
    WakeModel model;
    try {
      Trainer trainer = new Trainer(plan, out, kept, threads, progress);
      model =
          train(
              () -> hardNegatives.isEmpty() ? trainer.train(resume) : trainer.goOn(hardNegatives),
              trainer::stop,
              checkpoint);
    } catch (InterruptedIOException e) {
      return INTERRUPTED;
    }
    if (beside != null) {
      String text = WRITTEN + "\n" + RecipeFile.toYaml(plan, folder);
      AtomicFile.write(beside, file -> file.write(text.getBytes(StandardCharsets.UTF_8)));
    }
    sayWritten(model.provenance());
    if (page != null) {
      page.complete(model, threads);
    }
    return exitCode(progress);
  }

  private void requireHeadOptions() {
    if (network != null
        || epochs != null
        || resume
        || report != null
        || checkpoints != null
        || !(backgrounds.isEmpty() && hardNegatives.isEmpty())) {
      throw new IllegalArgumentException(
          "give --negatives: without them, only --word, --positives, --channel, --out, --seed and"
              + " --threads apply");
    }
  }

  /** Without other speech, a network would learn to detect any sound; an encoder has heard some. */
  private int trainHead() throws IOException {
    List<Path> recordings = AudioPaths.files(positives, common.notes(console));
    Path encoder = EnrollCommand.shippedEncoder();
    EmbeddingBank bank = EmbeddingBank.read(EnrollCommand.shippedBank());
    if (!common.quiet) {
      console.say(
          String.format(
              Locale.ROOT,
              "no --negatives: training a head on the speech encoder in %s, against its bank of"
                  + " %.1f h of other speech; about a minute",
              encoder,
              bank.hours()));
    }
    AtomicInteger skipped = new AtomicInteger();
    Enrolment enrolment =
        new Enrolment(
            EnrolmentBase.read(encoder, bank),
            bank,
            seed == null ? Recipe.DEFAULT_SEED : seed,
            threads,
            problem -> {
              skipped.incrementAndGet();
              console.say("skipped: " + Console.describe(problem));
            });
    WakeModel model =
        enrolment
            .enrol(
                word,
                AudioPaths.stem(out),
                new Enrolment.EnrolmentSources(
                    recordings,
                    /* synthetic= */ List.of(),
                    /* otherSynthetic= */ List.of(),
                    /* hardNegatives= */ List.of(),
                    channel.ofWord(Channel.AUTO),
                    /* skipsUnusable= */ true))
            .model();
    model.write(out);
    sayWritten(model.provenance());
    return skipped.get() > 0 ? ExitCode.FAILED : 0;
  }

  /** Trains anything but a word detector. */
  private int trainOther(RecipeTask task, Path kept, Path checkpoint) throws IOException {
    TrainProgress progress = new TrainProgress(console, common.quiet, threads, null);
    switch (task) {
      case ENCODER -> {
        EncoderRecipe plan = overridden(EncoderRecipe.read(recipe, console::say));
        checkOut(checkpoint);
        EncoderTrainer trainer = new EncoderTrainer(plan, out, kept, threads, progress);
        return trainAndPrint(
            () -> trainer.train(resume).provenance(), trainer::stop, checkpoint, progress);
      }
      case PRONUNCIATION -> {
        PronunciationRecipe plan = overridden(PronunciationRecipe.read(recipe, console::say));
        checkOutFolder(checkpoint);
        PronunciationTrainer trainer = new PronunciationTrainer(plan, out, kept, threads, progress);
        return trainAndPrint(
            () -> trainer.train(resume).provenance(), trainer::stop, checkpoint, progress);
      }
      case LANGUAGE -> {
        LanguageRecipe plan = overridden(LanguageRecipe.read(recipe, console::say));
        checkOut(checkpoint);
        LanguageTrainer trainer = new LanguageTrainer(plan, out, kept, threads, progress);
        return trainAndPrint(
            () -> trainer.train(resume).provenance(), trainer::stop, checkpoint, progress);
      }
      case PHONES -> {
        PhoneRecipe plan = overridden(PhoneRecipe.read(recipe, console::say));
        checkOut(checkpoint);
        PhoneTrainer trainer = new PhoneTrainer(plan, out, kept, threads, progress);
        return trainAndPrint(
            () -> trainer.train(resume).provenance(), trainer::stop, checkpoint, progress);
      }
      case VERIFIER -> {
        VerifierRecipe read = VerifierRecipe.read(recipe, console::say);
        checkOut(checkpoint);
        VerifierRecipe plan = read.with(withOptions(read.words()));
        VerifierTrainer trainer = new VerifierTrainer(plan, out, threads, progress);
        return trainAndPrint(
            () -> trainer.train().provenance(), trainer::stop, checkpoint, progress);
      }
      default -> throw new AssertionError(task);
    }
  }

  /** Trains, then prints how the model was made. */
  private int trainAndPrint(
      TrainingRun<Provenance> run, Runnable stop, Path checkpoint, TrainProgress progress)
      throws IOException {
    sayIfNothingToResume(checkpoint);
    try {
      sayWritten(train(run, stop, checkpoint));
      return exitCode(progress);
    } catch (InterruptedIOException e) {
      return INTERRUPTED;
    }
  }

  private static int exitCode(TrainProgress progress) {
    return progress.complete() ? 0 : ExitCode.FAILED;
  }

  private void sayIfNothingToResume(Path checkpoint) {
    if (resume && !Files.exists(checkpoint) && !common.quiet) {
      console.say(checkpoint + " not found: training from the beginning");
    }
  }

  private void sayWritten(Provenance provenance) {
    console.progress("");
    if (!common.quiet) {
      console.say("wrote " + out);
    }
    provenance
        .facts()
        .forEach(
            (key, value) -> {
              if (!value.contains("\n")) { // not the recipe, which `rouse info` prints
                console.print(key + ": " + value);
              }
            });
  }

  /** Fails before training, not after, if the model cannot be written or a run would be lost. */
  private void checkOut(Path checkpoint) throws IOException {
    check(checkpoint);
    if (!resume) {
      force.check(out);
    }
    AtomicFile.prepare(out);
    if (!AtomicFile.isSpecial(out)) {
      running = new OutputLock(out.toAbsolutePath());
    }
    if (recipe != null && Files.exists(out) && Files.isSameFile(out, recipe)) {
      throw new IllegalArgumentException("out=" + out + " is the recipe");
    }
  }

  /** Likewise, for a model of several files. */
  private void checkOutFolder(Path checkpoint) throws IOException {
    check(checkpoint);
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new IllegalArgumentException("out=" + out + ", expected a folder");
    }
    for (String file : List.of(PronunciationModel.ENCODER, PronunciationModel.DECODER)) {
      if (!resume) {
        force.check(out.resolve(file));
      }
      AtomicFile.prepare(out.resolve(file));
    }
    running = new OutputLock(out.toAbsolutePath());
  }

  private void check(Path checkpoint) {
    if (Files.exists(checkpoint) && !resume) {
      throw new IllegalArgumentException(
          checkpoint + " exists: continue with --resume, or delete it to start over");
    }
  }

  /** A training run. */
  @FunctionalInterface
  private interface TrainingRun<M> {
    M train() throws IOException;
  }

  /** Trains; Ctrl-C stops it between two batches, so that no file is left half-written. */
  private <M> M train(TrainingRun<M> run, Runnable stop, Path checkpoint) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean trained = new AtomicBoolean();
    Thread shutdown =
        new Thread(
            () -> {
              stop.run();
              try {
                ended.await(LAST_BATCH_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              console.progress("");
              if (!trained.get()) {
                console.say(
                    Files.exists(checkpoint)
                        ? "interrupted; run the same command with --resume to continue"
                        : "interrupted before the first epoch was complete");
              }
            });
    Runtime.getRuntime().addShutdownHook(shutdown);
    try {
      M model = run.train();
      trained.set(true);
      return model;
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(shutdown);
      } catch (IllegalStateException e) {
        console.progress(""); // already exiting: the hook prints the reason
      }
    }
  }

  /** Where to write the recipe made from the options; never replaces a hand-written one. */
  private Path recipeBeside(Path folder) throws IOException {
    Path beside = folder.resolve(AudioPaths.stem(out) + ".yaml");
    if (Files.exists(beside) && !TextFile.read(beside).startsWith(WRITTEN)) {
      throw new IllegalArgumentException(
          beside + " exists and was not written by rouse: use it as the recipe, or move it away");
    }
    return beside;
  }

  private Recipe fromOptions() {
    if (word == null || positives.isEmpty()) {
      throw new IllegalArgumentException("give a RECIPE.yaml, or --word and --positives");
    }
    boolean classic = "classic".equals(network);
    if (network != null && !classic && !network.equals("compact")) {
      throw new IllegalArgumentException("network=" + network + ", expected compact or classic");
    }
    return new Recipe(
        new Recipe.Sources(word, positives, negatives, backgrounds),
        classic ? FeatureSpec.CLASSIC : FeatureSpec.DEFAULT,
        classic ? LayerPlan.CLASSIC : LayerPlan.COMPACT,
        classic ? Recipe.Clips.CLASSIC : Recipe.Clips.DEFAULT,
        Recipe.Augmentation.DEFAULT,
        classic ? Recipe.Schedule.CLASSIC : Recipe.Schedule.DEFAULT,
        Recipe.Optimisation.DEFAULT,
        TriggerPolicy.DEFAULT,
        Recipe.DEFAULT_SEED);
  }

  private EncoderRecipe overridden(EncoderRecipe plan) {
    EncoderRecipe other = plan.withChannel(channel.ofWord(plan.sources().channel()));
    other = seed == null ? other : other.withSeed(seed);
    return epochs == null ? other : other.withEpochs(epochs);
  }

  private PronunciationRecipe overridden(PronunciationRecipe plan) {
    PronunciationRecipe other = seed == null ? plan : plan.withSeed(seed);
    return epochs == null ? other : other.withEpochs(epochs);
  }

  private LanguageRecipe overridden(LanguageRecipe plan) {
    LanguageRecipe other = seed == null ? plan : plan.withSeed(seed);
    return epochs == null ? other : other.withEpochs(epochs);
  }

  private PhoneRecipe overridden(PhoneRecipe plan) {
    PhoneRecipe other = seed == null ? plan : plan.withSeed(seed);
    return epochs == null ? other : other.withEpochs(epochs);
  }

  private Recipe overridden(Recipe plan) {
    Recipe other = withOptions(plan);
    return epochs == null ? other : other.with(other.schedule().withEpochs(epochs));
  }

  private Recipe withOptions(Recipe plan) {
    Recipe.Sources sources = plan.sources();
    Recipe other = plan.with(sources.with(channel.ofWord(sources.channel())));
    return seed == null ? other : other.withSeed(seed);
  }
}
