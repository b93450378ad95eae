package io.github.rouse.cli;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.TrainProgress;
import io.github.rouse.cli.output.TrainReport;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.Checkpoint;
import io.github.rouse.train.Trainer;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.RecipeFile;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse train}: from recordings to a model. */
@Command(name = "train", description = "Trains a model from recordings, by a recipe or options.")
final class TrainCommand implements Callable<Integer> {
  private static final String WRITTEN = "# Written by rouse train from its options.";
  private static final int INTERRUPTED = 130;
  private static final int LAST_BATCH_SECONDS = 5; // longest wait for it after Ctrl-C

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE.yaml",
      description = "Data, network and how to train; docs/training.md tells every key.")
  Path recipe;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "The model to write.")
  Path out;

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
      description = "Without a recipe: recordings of other speech; repeatable.")
  List<Path> negatives = List.of();

  @Option(
      names = "--backgrounds",
      paramLabel = "DIR",
      description = "Without a recipe: recordings of noise; repeatable.")
  List<Path> backgrounds = List.of();

  @Option(
      names = "--network",
      paramLabel = "compact|classic",
      description = "Without a recipe: which network. Default: compact.")
  String network;

  @Option(names = "--epochs", paramLabel = "N", description = "Instead of the recipe's.")
  Integer epochs;

  @Option(names = "--seed", paramLabel = "N", description = "Instead of the recipe's.")
  Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: one per processor. Another number trains another model.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--resume", description = "Go on from the checkpoint beside the model.")
  boolean resume;

  @Option(
      names = "--hard-negatives",
      paramLabel = "DIR",
      description =
          "With --resume: train on with recordings that the model took for a word, such as clips of"
              + " listen --save; repeatable. Takes a quarter of the recipe's epochs.")
  List<Path> hardNegatives = List.of();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write report.html: loss curves after each epoch and, at the end, misses and false alarms"
              + " on the speakers held out, to see and hear.")
  Path report;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    boolean options =
        word != null
            || network != null
            || !(positives.isEmpty() && negatives.isEmpty() && backgrounds.isEmpty());
    if (recipe != null && options) {
      throw new IllegalArgumentException(
          "give a RECIPE.yaml, or --word, --positives, --negatives, --backgrounds and --network");
    }
    Recipe plan = recipe == null ? fromOptions() : RecipeFile.read(recipe);
    plan = changed(plan);
    Path folder = out.toAbsolutePath().getParent();
    checkOut();
    Path checkpoint = Checkpoint.unfinished(out.toAbsolutePath());
    if (Files.exists(checkpoint) && !resume) {
      throw new IllegalArgumentException(
          checkpoint + " is there: go on from it with --resume, or remove it to start afresh");
    }
    if (resume
        && hardNegatives.isEmpty()
        && !Files.exists(checkpoint)
        && Files.exists(Checkpoint.finished(out.toAbsolutePath()))) {
      throw new IllegalArgumentException(
          out
              + ": its training has ended: go on with --hard-negatives, or afresh without --resume");
    }
    if (!hardNegatives.isEmpty() && !resume) {
      throw new IllegalArgumentException("--hard-negatives goes with --resume");
    }
    if (resume && hardNegatives.isEmpty() && !Files.exists(checkpoint) && !common.quiet) {
      console.say(checkpoint + " is not there: training from the beginning");
    }
    Path beside = recipe == null ? recipeBeside(folder) : null;
    TrainReport page = report == null ? null : new TrainReport(report, AudioPaths.stem(out));
    TrainProgress progress = new TrainProgress(console, common.quiet, threads, page);
    WakeModel model;
    try {
      model = train(new Trainer(plan, out, threads, progress), checkpoint);
    } catch (InterruptedIOException e) {
      return INTERRUPTED;
    }
    if (beside != null) {
      String text = WRITTEN + "\n" + RecipeFile.toYaml(plan, folder);
      AtomicFile.write(beside, file -> file.write(text.getBytes(StandardCharsets.UTF_8)));
    }
    console.progress("");
    if (!common.quiet) {
      console.say("wrote " + out);
    }
    model
        .provenance()
        .facts()
        .forEach(
            (key, value) -> {
              if (!value.contains("\n")) { // not the recipe, which `rouse info` prints
                console.print(key + ": " + value);
              }
            });
    if (page != null) {
      page.complete(model, threads);
    }
    return 0;
  }

  /** Finds out now, and not after the training, that the model cannot be written. */
  private void checkOut() throws IOException {
    AtomicFile.prepare(out);
    if (recipe != null && Files.exists(out) && Files.isSameFile(out, recipe)) {
      throw new IllegalArgumentException("out=" + out + " is the recipe");
    }
  }

  /** Trains; Ctrl-C ends it between two batches, so that nothing is left half-written. */
  private WakeModel train(Trainer trainer, Path checkpoint) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean trained = new AtomicBoolean();
    Thread goodbye =
        new Thread(
            () -> {
              trainer.stop();
              try {
                ended.await(LAST_BATCH_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              console.progress("");
              if (!trained.get()) {
                console.say(
                    Files.exists(checkpoint)
                        ? "interrupted; the same command with --resume goes on"
                        : "interrupted before an epoch was done");
              }
            });
    Runtime.getRuntime().addShutdownHook(goodbye);
    try {
      WakeModel model =
          hardNegatives.isEmpty() ? trainer.train(resume) : trainer.goOn(hardNegatives);
      trained.set(true);
      return model;
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(goodbye);
      } catch (IllegalStateException e) {
        console.progress(""); // on the way out already: the hook says why
      }
    }
  }

  /** Where the recipe goes that the options came to; one that somebody wrote is not replaced. */
  private Path recipeBeside(Path folder) throws IOException {
    Path beside = folder.resolve(AudioPaths.stem(out) + ".yaml");
    if (Files.exists(beside) && !Files.readString(beside).startsWith(WRITTEN)) {
      throw new IllegalArgumentException(
          beside + " is there and was not written by rouse: train by it, or move it away");
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

  private Recipe changed(Recipe plan) {
    Recipe other = seed == null ? plan : plan.withSeed(seed);
    return epochs == null ? other : other.with(other.schedule().withEpochs(epochs));
  }
}
