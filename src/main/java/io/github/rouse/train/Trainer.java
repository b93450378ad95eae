// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.model.WakeModel;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.data.SpeakerSplit;
import io.github.rouse.train.data.TrainingData;
import io.github.rouse.train.recipe.Recipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a recipe's network on clips synthesised on the fly. Averages the weights, and keeps the
 * epoch with the lowest held-out loss or, if no speakers are held out, the last epoch.
 */
public final class Trainer {
  private final Recipe recipe;
  private final Path out;
  private final Path kept;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the model to write; the checkpoint is written beside it
   */
  public Trainer(Recipe recipe, Path out, int threads, TrainingProgress progress) {
    this(recipe, out, out.toAbsolutePath().getParent(), threads, progress);
  }

  /**
   * The same, with the checkpoint elsewhere.
   *
   * @param kept folder of the checkpoint, for the next run
   */
  public Trainer(Recipe recipe, Path out, Path kept, int threads, TrainingProgress progress) {
    this.recipe = recipe;
    this.out = out.toAbsolutePath();
    this.kept = kept.toAbsolutePath().resolve(out.getFileName());
    this.threads = threads;
    this.progress = progress;
  }

  /** Makes {@link #train} throw an {@link InterruptedIOException} at the next batch. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains and writes the model.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @throws IOException if the data or checkpoint is unusable, or the model cannot be written
   */
  public WakeModel train(boolean resume) throws IOException {
    return train(resume, List.of());
  }

  /**
   * Continues a finished training run with recordings that the model mistakes for a word, for
   * another quarter of the recipe's epochs.
   *
   * @param hardNegatives recordings, or folders of them
   * @throws IOException if no finished training run is found, or as {@link #train(boolean)}
   */
  public WakeModel goOn(List<Path> hardNegatives) throws IOException {
    if (recipe.clips().hardNegatives() == 0 || recipe.clips().negatives() == 0) {
      throw new IllegalArgumentException(
          String.format(
              "clips.hardNegatives=%s, clips.negatives=%d, expected both above 0 for hard negatives",
              recipe.clips().hardNegatives(), recipe.clips().negatives()));
    }
    Path finished = Checkpoint.finished(kept);
    if (!Files.exists(finished)) {
      throw new IOException(
          finished + ": not found; there is no finished training run of this model to continue");
    }
    return train(true, hardNegatives);
  }

  private WakeModel train(boolean resume, List<Path> hardNegatives) throws IOException {
    Files.createDirectories(out.getParent());
    Files.createDirectories(kept.getParent());
    try (WorkerPool workers = new WorkerPool(threads)) {
      NetworkBuilder timing = new NetworkBuilder(recipe, recipe.words().size(), workers);
      return train(resume, hardNegatives, Teachers.read(recipe, timing, out), workers);
    }
  }

  private WakeModel train(
      boolean resume, List<Path> hardNegatives, Teachers teachers, WorkerPool workers)
      throws IOException {
    try (TrainingData data =
        new TrainingData(
            recipe,
            hardNegatives,
            out.getParent(),
            workers,
            progress::problem,
            progress::unreadable)) {
      NetworkBuilder builder = new NetworkBuilder(recipe, data.outputs(), workers);
      long parameters =
          builder.network().parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.data(data.files(), data.hours(), parameters);
      reportMeasured(data);
      WordTask task = new WordTask(recipe, out, data, teachers, builder, workers);
      TrainingLoop loop =
          new TrainingLoop(
              task, recipe.schedule(), recipe.optimisation(), kept, progress, () -> stopped);
      WakeModel model = loop.train(resume, () -> task.model(loop.keptLoss()));
      model.write(out);
      loop.complete();
      return model;
    }
  }

  private void reportMeasured(TrainingData data) {
    SpeakerSplit.Side part = data.measured();
    Map<String, List<Path>> positives = new LinkedHashMap<>();
    for (int word = 0; word < recipe.words().size(); word++) {
      positives.put(recipe.words().get(word), paths(part.positives().get(word)));
    }
    progress.measured(positives, paths(part.negatives()), data.holdsOut());
  }

  private static List<Path> paths(List<AudioCache.Sound> sounds) {
    return sounds.stream().map(AudioCache.Sound::path).distinct().toList();
  }
}
