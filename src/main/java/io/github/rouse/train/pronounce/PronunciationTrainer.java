// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.train.FileHash;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.recipe.PronunciationRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Trains a network from letters to phonemes by a recipe. */
public final class PronunciationTrainer {
  private final PronunciationRecipe recipe;
  private final Path out;
  private final Path kept;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the folder to write the model into
   * @param kept folder of the checkpoint
   */
  public PronunciationTrainer(
      PronunciationRecipe recipe, Path out, Path kept, int threads, TrainingProgress progress) {
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
   * Trains, measures the errors on the words held out, and writes the model.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @throws IOException if the dictionary or checkpoint is unusable, or the model cannot be written
   */
  public PronunciationModel train(boolean resume) throws IOException {
    Files.createDirectories(kept);
    List<Spelling> spellings = Spelling.all(PronouncingDictionary.read(recipe.dictionary()));
    double share = recipe.schedule().heldOut();
    List<Spelling> heldOut =
        spellings.stream().filter(s -> s.isHeldOut(share, recipe.seed())).toList();
    List<Spelling> trained =
        spellings.stream().filter(s -> !s.isHeldOut(share, recipe.seed())).toList();
    if (trained.isEmpty()) {
      throw new IOException(recipe.dictionary() + ": no words to train on");
    }
    String data =
        String.format(
            Locale.ROOT,
            "%s, %d words, SHA-256 %s",
            recipe.dictionary().getFileName(),
            spellings.size(),
            FileHash.sha256(List.of(recipe.dictionary())));
    try (WorkerPool workers = new WorkerPool(threads)) {
      PronunciationTask task =
          new PronunciationTask(
              recipe, recipe.settings() + data + workers.count(), trained, heldOut, workers);
      long parameters = task.network().parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.texts("words", trained.size(), heldOut.size(), parameters);
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
      PronunciationModel model = loop.train(resume, () -> task.model(provenance));
      if (!heldOut.isEmpty()) {
        model.write(out, WeightType.INT8);
        PronunciationErrors errors =
            PronunciationErrors.of(PronunciationModel.read(out), heldOut); // with 8-bit weights
        model =
            model.with(
                provenance
                    .with("held-out loss", String.format(Locale.ROOT, "%.5f", loop.keptLoss()))
                    .with("held-out words", errors.words())
                    .with("held-out phoneme errors", percent(errors.phonemeRate()))
                    .with("held-out word errors", percent(errors.wordRate())));
      }
      model.write(out, WeightType.INT8);
      loop.complete();
      return model;
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
