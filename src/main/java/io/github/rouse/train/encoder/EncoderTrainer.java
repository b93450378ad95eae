// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import io.github.rouse.engine.SpeechEmbedding;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.NoiseSource;
import io.github.rouse.train.data.Recordings;
import io.github.rouse.train.data.SpeakerSplit;
import io.github.rouse.train.data.augment.MeasuredRoom;
import io.github.rouse.train.recipe.EncoderRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trains a speech encoder by a recipe. */
public final class EncoderTrainer {
  private final EncoderRecipe recipe;
  private final Path out;
  private final Path kept;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the encoder to write
   * @param kept folder of the checkpoint and of what the teacher gave, for the next run
   */
  public EncoderTrainer(
      EncoderRecipe recipe, Path out, Path kept, int threads, TrainingProgress progress) {
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
   * Trains and writes the encoder.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @throws IOException if the data, teacher or checkpoint is unusable, or the encoder cannot be
   *     written
   */
  public SpeechEncoder train(boolean resume) throws IOException {
    if (recipe.features().sampleRate() != SpeechEmbedding.SAMPLE_RATE) {
      throw new IllegalArgumentException(
          "features: "
              + recipe.features().sampleRate()
              + " Hz, expected the teacher's "
              + SpeechEmbedding.SAMPLE_RATE);
    }
    Files.createDirectories(out.getParent());
    Files.createDirectories(kept);
    Path mel = recipe.sources().teacher().get(0);
    Path embedding = recipe.sources().teacher().get(1);
    String teacherHash = sha256(mel) + ", " + sha256(embedding);
    try (WorkerPool workers = new WorkerPool(threads);
        SpeechEmbedding teacher = new SpeechEmbedding(mel, embedding);
        Recordings recordings =
            new Recordings(
                SpeechEmbedding.SAMPLE_RATE,
                recipe.sources().channel(),
                kept,
                workers,
                progress::problem,
                progress::unreadable)) {
      NetworkBuilder builder =
          new NetworkBuilder(
              recipe.features().bins(),
              recipe.layers(),
              teacher.values(),
              recipe.seed(),
              0,
              workers);
      EncoderTask.check(recipe, builder);
      List<Sound> sounds = recordings.decode(recipe.sources().sounds());
      double hours = recordings.seconds() / 3600;
      List<Sound> backgrounds = recordings.decode(recipe.sources().backgrounds());
      List<float[]> rooms = new ArrayList<>();
      for (Sound room : recordings.decode(recipe.sources().rooms())) {
        rooms.add(MeasuredRoom.response(room.part(0, room.length()), SpeechEmbedding.SAMPLE_RATE));
      }
      String data = recordings.files() + " files, SHA-256 " + recordings.hash();
      List<Sound> out = SpeakerSplit.share(sounds, recipe.schedule().heldOut());
      List<Sound> in = new ArrayList<>(sounds);
      in.removeAll(out);
      ReelMaker maker =
          new ReelMaker(recipe, recordings, teacher, teacherHash, kept.resolve("reels"));
      List<Reel> heldOut = maker.make(out, 1, workers, progress::prepared, () -> stopped);
      List<Reel> trained =
          maker.make(in, recipe.clips().variants(), workers, progress::prepared, () -> stopped);
      EncoderTask task =
          new EncoderTask(
              recipe,
              builder,
              recipe.settings() + data + teacherHash + workers.count(),
              trained,
              heldOut,
              new NoiseSource(backgrounds, in, recipe.augmentation().noise().babble()),
              rooms,
              Standardisation.of(trained, teacher.values()),
              workers);
      long parameters = task.network().parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.data(recordings.files(), hours, parameters);
      progress.measured(Map.of(), List.of(), task.holdsOut());
      return train(resume, task, data, teacherHash);
    }
  }

  private SpeechEncoder train(boolean resume, EncoderTask task, String data, String teacherHash)
      throws IOException {
    TrainingLoop loop =
        new TrainingLoop(
            task,
            recipe.schedule(),
            recipe.optimisation(),
            kept.resolve(out.getFileName()),
            progress,
            () -> stopped);
    SpeechEncoder encoder =
        loop.train(
            resume,
            () ->
                new SpeechEncoder(
                    recipe.features(),
                    task.network().trained(),
                    provenance(data, teacherHash, loop.keptLoss())));
    encoder.write(out, WeightType.FP32);
    loop.complete();
    return encoder;
  }

  private Provenance provenance(String data, String teacherHash, double loss) {
    return Provenance.of("trained by rouse train")
        .with("recipe", recipe.toYaml(out.getParent()))
        .with("seed", recipe.seed())
        .with("threads", threads)
        .with("data", data)
        .with("taught by", "Google's speech embedding (Apache-2.0), SHA-256 " + teacherHash)
        .with("held-out loss", String.format(Locale.ROOT, "%.5f", loss));
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    }
  }
}
