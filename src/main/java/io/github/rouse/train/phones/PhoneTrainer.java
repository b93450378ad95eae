// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.phones;

import io.github.rouse.audio.Channel;
import io.github.rouse.model.EncoderFile;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Network;
import io.github.rouse.phones.Utterance;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.NoiseSource;
import io.github.rouse.train.data.Recordings;
import io.github.rouse.train.data.SpeakerSplit;
import io.github.rouse.train.data.augment.MeasuredRoom;
import io.github.rouse.train.recipe.PhoneRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Trains a phone recogniser by a recipe. */
public final class PhoneTrainer {
  private final PhoneRecipe recipe;
  private final Path out;
  private final Path kept;
  private final int threads;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * Prepares a training run.
   *
   * @param out the recogniser to write
   * @param kept folder of the checkpoint, for the next run
   */
  public PhoneTrainer(
      PhoneRecipe recipe, Path out, Path kept, int threads, TrainingProgress progress) {
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
   * Trains and writes the recogniser.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @throws IOException if the data, encoder or checkpoint is unusable, or the recogniser cannot be
   *     written
   */
  public PhoneModel train(boolean resume) throws IOException {
    SpeechEncoder encoder = EncoderFile.read(recipe.sources().encoder());
    Network hidden = encoder.hidden();
    List<List<Utterance>> lists = new ArrayList<>();
    for (Path list : recipe.sources().utterances()) {
      lists.add(Utterance.read(list));
    }
    List<String> phones = Said.phones(lists);
    Files.createDirectories(out.getParent());
    Files.createDirectories(kept);
    int sampleRate = encoder.features().sampleRate();
    try (WorkerPool workers = new WorkerPool(threads);
        Recordings recordings =
            new Recordings(
                sampleRate, Channel.AUTO, kept, workers, progress::problem, progress::unreadable)) {
      NetworkBuilder builder =
          new NetworkBuilder(
              hidden.outputs(), recipe.layers(), phones.size() + 1, recipe.seed(), 0, workers);
      List<List<Said>> said = Said.decode(lists, recordings, sampleRate);
      double hours = recordings.seconds() / 3600;
      Map<Path, Sound> voices = new LinkedHashMap<>();
      said.forEach(list -> list.forEach(u -> voices.put(u.sound().path(), u.sound())));
      List<Sound> backgrounds = recordings.decode(recipe.sources().backgrounds());
      List<float[]> rooms = new ArrayList<>();
      for (Sound room : recordings.decode(recipe.sources().rooms())) {
        rooms.add(MeasuredRoom.response(room.part(0, room.length()), sampleRate));
      }
      String data = recordings.files() + " files, SHA-256 " + recordings.hash();
      List<Sound> all = List.copyOf(voices.values());
      Set<Path> apart = new HashSet<>();
      SpeakerSplit.share(all, recipe.schedule().heldOut())
          .forEach(sound -> apart.add(sound.path()));
      PhoneTask task =
          new PhoneTask(
              recipe,
              encoder.features(),
              hidden,
              builder,
              phones.size(),
              recipe.settings() + data + encoder.sha256() + lists + workers.count(),
              said(said, apart, false),
              said(said, apart, true),
              new NoiseSource(backgrounds, all, recipe.augmentation().noise().babble()),
              rooms,
              workers);
      long parameters = task.network().parameters().stream().mapToLong(p -> p.value().length).sum();
      progress.data(recordings.files(), hours, parameters);
      progress.measured(Map.of(), List.of(), task.holdsOut());
      return train(resume, task, encoder, phones, data);
    }
  }

  /** The lists with only those utterances whose recording is held out, or not; none is empty. */
  private static List<List<Said>> said(List<List<Said>> all, Set<Path> heldOut, boolean out) {
    return all.stream()
        .map(list -> list.stream().filter(u -> heldOut.contains(u.sound().path()) == out).toList())
        .filter(list -> !list.isEmpty())
        .toList();
  }

  private PhoneModel train(
      boolean resume, PhoneTask task, SpeechEncoder encoder, List<String> phones, String data)
      throws IOException {
    TrainingLoop loop =
        new TrainingLoop(
            task,
            recipe.schedule(),
            recipe.optimisation(),
            kept.resolve(out.getFileName()),
            progress,
            () -> stopped);
    PhoneModel model =
        loop.train(
            resume,
            () ->
                new PhoneModel(
                    encoder.features(),
                    PhoneModel.joined(encoder.hidden(), task.network().trained()),
                    phones,
                    provenance(encoder, data, loop.keptLoss()),
                    recipe.sources().encoder().getFileName().toString()));
    model.write(out, WeightType.FP32);
    loop.complete();
    return model;
  }

  private Provenance provenance(SpeechEncoder encoder, String data, double loss) {
    return Provenance.of("trained by rouse train")
        .with("recipe", recipe.toYaml(out.getParent()))
        .with("seed", recipe.seed())
        .with("threads", threads)
        .with("data", data)
        .with("encoder", encoder.sha256())
        .with("held-out loss", String.format(Locale.ROOT, "%.5f", loss));
  }
}
