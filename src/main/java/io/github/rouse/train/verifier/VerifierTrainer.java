// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.verifier;

import io.github.rouse.model.EncoderFile;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.TrainingData;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.VerifierRecipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trains a verifier for each word of a detector. */
public final class VerifierTrainer {
  private final VerifierRecipe recipe;
  private final Path out;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the detector to write, with its verifier
   */
  public VerifierTrainer(VerifierRecipe recipe, Path out, int threads, TrainingProgress progress) {
    this.recipe = recipe;
    this.out = out.toAbsolutePath();
    this.threads = threads;
    this.progress = progress;
  }

  /** Makes {@link #train} throw an {@link InterruptedIOException} soon. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains the heads and writes the detector with its verifier.
   *
   * @throws IOException if a model, the encoder or the data is unusable, or the detector cannot be
   *     written
   */
  public WakeModel train() throws IOException {
    WakeModel model = WakeModel.read(recipe.model()).withoutVerifier();
    Recipe words = recipe.words();
    if (!model.words().equals(words.words())) {
      throw new IOException(
          recipe.model() + ": its words are " + model.words() + ", the recipe's " + words.words());
    }
    SpeechEncoder encoder = EncoderFile.read(recipe.encoder()).rounded();
    if (!model.features().equals(encoder.features())) {
      throw new IOException(
          recipe.model()
              + ": reads "
              + model.features()
              + ", but the encoder reads "
              + encoder.features());
    }
    Files.createDirectories(out.getParent());
    try (WorkerPool workers = new WorkerPool(threads);
        TrainingData data =
            new TrainingData(
                words,
                List.of(),
                out.getParent(),
                workers,
                progress::problem,
                progress::unreadable)) {
      ClipSynthesizer clips =
          new ClipSynthesizer(
              words,
              data.trained().positives(),
              data.trained().negatives(),
              List.of(),
              data.backgrounds,
              data.rooms,
              words.seed());
      VerifierRecipe.Settings settings = recipe.settings();
      int frames = (int) encoder.features().frames((long) (settings.seconds() * rate(encoder)));
      double steps = settings.gap() * rate(encoder) / encoder.features().hop() / stride(encoder);
      int gap = (int) Math.round(steps) * stride(encoder);
      WindowSet windows =
          new WindowSet(
              encoder, frames, clips, settings.clips(), workers, progress::prepared, () -> stopped);
      if (stopped) {
        throw new InterruptedIOException(out + ": training was stopped");
      }
      List<Verifier.WordHead> heads = new ArrayList<>();
      for (int word = 0; word < words.words().size(); word++) {
        heads.add(
            new Verifier.WordHead(
                networks(windows, word, workers), settings.level(), settings.share()));
      }
      Verifier verifier = Verifier.of(encoder, frames, gap, heads, model.policy().threshold());
      Provenance provenance =
          model
              .provenance()
              .with("verifier recipe", recipe.toYaml(out.getParent()))
              .with("verifier data", data.files() + " files, SHA-256 " + data.hash())
              .with("verifier encoder", "weights, SHA-256 " + encoder.sha256());
      WakeModel verified = model.withVerifier(verifier).with(provenance);
      verified.write(out);
      return verified;
    }
  }

  private static int stride(SpeechEncoder encoder) {
    return encoder.network().stride();
  }

  private static int rate(SpeechEncoder encoder) {
    return encoder.features().sampleRate();
  }

  private List<Network> networks(WindowSet windows, int word, WorkerPool workers)
      throws InterruptedIOException {
    Recipe words = recipe.words();
    VerifierRecipe.Settings settings = recipe.settings();
    int batches = words.schedule().epochs() * words.schedule().batches();
    int all = words.words().size() * settings.heads() * batches;
    List<Network> networks = new ArrayList<>();
    for (int i = 0; i < settings.heads(); i++) {
      long seed = words.seed() + 1000L * word + i;
      int[] done = {(word * settings.heads() + i) * batches};
      networks.add(
          new HeadTrainer(windows, words, word, settings.units(), seed, workers)
              .train(loss -> progress.batch(++done[0], all, loss), () -> stopped));
      if (stopped) {
        throw new InterruptedIOException(out + ": training was stopped");
      }
    }
    return networks;
  }
}
