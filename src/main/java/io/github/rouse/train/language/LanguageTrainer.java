// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import static java.util.stream.Collectors.joining;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.pronounce.PhonemeContext;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.train.FileHash;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.recipe.LanguageRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains a language model of phonemes by a recipe. */
public final class LanguageTrainer {
  private static final int ORDER = 3; // of the n-grams that the network has to be better than

  private final LanguageRecipe recipe;
  private final Path out;
  private final Path kept;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the model to write
   * @param kept folder of the checkpoint
   */
  public LanguageTrainer(
      LanguageRecipe recipe, Path out, Path kept, int threads, TrainingProgress progress) {
    this.recipe = recipe;
    this.out = out.toAbsolutePath();
    this.kept = kept.toAbsolutePath();
    this.threads = threads;
    this.progress = progress;
  }

  /** Makes {@link #train} throw an {@code InterruptedIOException} at the next batch. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains, measures the perplexity on the lines held out, and writes the model.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @throws IOException if a text, dictionary or checkpoint is unusable, or the model cannot be
   *     written
   */
  public PhonemeLanguage train(boolean resume) throws IOException {
    Files.createDirectories(kept);
    PronouncingDictionary dictionary = PronouncingDictionary.read(recipe.dictionary());
    List<PhonemeText> texts = new ArrayList<>();
    for (Path file : recipe.texts()) {
      texts.add(PhonemeText.read(file, dictionary, recipe.schedule().heldOut(), recipe.seed()));
    }
    List<int[]> trained = texts.stream().flatMap(text -> text.trained().stream()).toList();
    List<int[]> heldOut = texts.stream().flatMap(text -> text.heldOut().stream()).toList();
    if (trained.isEmpty()) {
      throw new IOException(recipe.texts() + ": no lines to train on, all are held out");
    }
    String data = data(trained.size() + heldOut.size());
    try (WorkerPool workers = new WorkerPool(threads)) {
      String identity = recipe.settings() + data + workers.count();
      LanguageTask task = new LanguageTask(recipe, identity, trained, heldOut, workers);
      long parameters = task.network().parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.texts("lines", trained.size(), heldOut.size(), parameters);
      TrainingLoop loop =
          new TrainingLoop(
              task,
              recipe.schedule(),
              recipe.optimisation(),
              kept.resolve(out.getFileName()),
              progress,
              () -> stopped);
      Provenance provenance =
          Provenance.of("trained by rouse train")
              .with("recipe", recipe.toYaml(out.getParent()))
              .with("seed", recipe.seed())
              .with("threads", threads)
              .with("data", data);
      PhonemeLanguage model = loop.train(resume, () -> task.model(provenance));
      if (!heldOut.isEmpty()) {
        model.write(out, WeightType.INT8);
        Provenance more =
            provenance.with("held-out loss", String.format(Locale.ROOT, "%.5f", loop.keptLoss()));
        model = model.with(measured(more, texts, trained));
      }
      model.write(out, WeightType.INT8);
      loop.complete();
      return model;
    }
  }

  private String data(int lines) throws IOException {
    List<Path> files = new ArrayList<>(recipe.texts());
    files.add(recipe.dictionary());
    String names = files.stream().map(file -> "" + file.getFileName()).collect(joining(", "));
    return String.format(
        Locale.ROOT, "%s, %d lines, SHA-256 %s", names, lines, FileHash.sha256(files));
  }

  /** With the perplexities of each text, of the model as it is written. */
  private Provenance measured(Provenance provenance, List<PhonemeText> texts, List<int[]> trained)
      throws IOException {
    PhonemeLanguage model = PhonemeLanguage.read(out); // with 8-bit weights
    KneserNey trigrams = new KneserNey(ORDER, trained, model.boundary());
    PhonemeContext start = PhonemeContext.start(model);
    Provenance facts = provenance;
    for (PhonemeText text : texts) {
      double network = 0;
      double counted = 0;
      long symbols = 0;
      for (int[] line : text.heldOut()) {
        network += start.logProbability(line);
        counted += trigrams.logProbability(line);
        symbols += line.length;
      }
      if (symbols == 0) {
        continue;
      }
      facts =
          facts.with(
              "held-out perplexity, " + text.file().getFileName(),
              String.format(
                  Locale.ROOT,
                  "%.2f in %d symbols; of trigrams %.2f",
                  Math.exp(-network / symbols),
                  symbols,
                  Math.exp(-counted / symbols)));
    }
    return facts;
  }
}
