package io.github.rouse.train;

import io.github.rouse.model.WakeModel;
import io.github.rouse.train.backprop.TrainingNetwork;
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
 * Trains the network of a recipe over clips made on the fly, with an average of the weights, and
 * the epoch kept whose average did best on speakers held out, the last one if nobody is.
 */
public final class Trainer {
  private final Recipe recipe;
  private final Path out;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * A training that has not begun.
   *
   * @param out the model it will be; the checkpoint stands beside it
   */
  public Trainer(Recipe recipe, Path out, int threads, TrainingProgress progress) {
    this.recipe = recipe;
    this.out = out.toAbsolutePath();
    this.threads = threads;
    this.progress = progress;
  }

  /** Ends {@link #train} at the next batch, with an {@link InterruptedIOException}. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains, and writes the model.
   *
   * @param resume to go on from the checkpoint, if there is one
   * @throws IOException if data or checkpoint cannot be used, or something cannot be written
   */
  public WakeModel train(boolean resume) throws IOException {
    return train(resume, List.of());
  }

  /**
   * Trains on with what the model took for a word and should not have: from where its training
   * ended, for another quarter of the recipe's epochs.
   *
   * @param hardNegatives recordings, or folders of them
   * @throws IOException if there is nothing to go on from, or as {@link #train(boolean)}
   */
  public WakeModel goOn(List<Path> hardNegatives) throws IOException {
    if (recipe.clips().mistaken() == 0 || recipe.clips().negatives() == 0) {
      throw new IllegalArgumentException(
          String.format(
              "clips.mistaken=%s, clips.negatives=%d, expected both above 0 for hard negatives",
              recipe.clips().mistaken(), recipe.clips().negatives()));
    }
    Path finished = Checkpoint.finished(out);
    if (!Files.exists(finished)) {
      throw new IOException(
          finished + ": not there, so there is no training of this model to go on from");
    }
    return train(true, hardNegatives);
  }

  private WakeModel train(boolean resume, List<Path> hardNegatives) throws IOException {
    Files.createDirectories(out.getParent());
    try (WorkerPool workers = new WorkerPool(threads)) {
      NetworkBuilder timing = new NetworkBuilder(recipe, recipe.words().size(), workers);
      return train(resume, hardNegatives, Teachers.read(recipe, timing, out), workers);
    }
  }

  private WakeModel train(
      boolean resume, List<Path> hardNegatives, Teachers teachers, WorkerPool workers)
      throws IOException {
    try (TrainingData data =
        new TrainingData(recipe, hardNegatives, out.getParent(), workers, progress::problem)) {
      NetworkBuilder builder = new NetworkBuilder(recipe, data.outputs(), workers);
      TrainingNetwork network = builder.network();
      long parameters = network.parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.data(data.files(), data.hours(), parameters);
      tellMeasured(data);
      TrainingRun run =
          new TrainingRun(recipe, out, progress, data, teachers, builder, workers, () -> stopped);
      WakeModel model = run.train(resume);
      Files.deleteIfExists(Checkpoint.unfinished(out));
      return model;
    }
  }

  private void tellMeasured(TrainingData data) {
    SpeakerSplit.Part part = data.measured();
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
