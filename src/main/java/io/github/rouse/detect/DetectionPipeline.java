// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.audio.SampleFormat;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Features;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.state.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Runs models with the same features on one or many streams of mono samples, on one thread. Frames
 * wait until {@link #decide()}, so that a network processes the frames of all streams in one batch.
 * Layers that all networks begin with run once. A stream's results do not depend on the other
 * streams, to the bit.
 */
public final class DetectionPipeline implements AutoCloseable {
  private static final double PATIENCE_SECONDS = 3; // of silence before the networks pause

  private final StreamPlan plan;
  private final Trunk trunk; // null if the networks have nothing in common
  private final Head[] heads;
  private final StreamState[] streams; // null where none is open

  private DetectionPipeline(
      List<WakeModel> models, Engine engine, int streams, double patienceSeconds) {
    plan = StreamPlan.of(models, patienceSeconds);
    this.streams = new StreamState[streams];
    int common = engine == Engine.NATIVE ? commonLayers(models) : 0;
    trunk = common == 0 ? null : new Trunk(models.get(0).folded().split(common).get(0), streams);
    heads =
        models.stream()
            .map(
                model ->
                    common == 0
                        ? new Head(model, model.start(engine, streams))
                        : new Head(model, model.folded().split(common).get(1).start(streams)))
            .toArray(Head[]::new);
  }

  /** The layers that several networks begin with; less than any network has. */
  private static int commonLayers(List<WakeModel> models) {
    if (models.size() == 1) {
      return 0;
    }
    Network first = models.get(0).folded();
    int common = first.layers().size() - 1;
    for (WakeModel model : models.subList(1, models.size())) {
      int all = model.folded().layers().size();
      common = Math.min(common, Math.min(all - 1, first.layersLike(model.folded())));
    }
    return common;
  }

  /**
   * Creates one pipeline for each set of features among the models.
   *
   * @param streams most streams at a time
   * @throws IllegalArgumentException if a model cannot stream, or the list is empty
   */
  public static List<DetectionPipeline> of(List<WakeModel> models, Engine engine, int streams) {
    return of(models, engine, streams, PATIENCE_SECONDS);
  }

  /** The same, with the seconds of true silence to process before any is skipped. */
  public static List<DetectionPipeline> of(
      List<WakeModel> models, Engine engine, int streams, double patienceSeconds) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models=[], expected at least one");
    }
    List<List<WakeModel>> groups = new ArrayList<>();
    for (WakeModel model : models) {
      List<WakeModel> group =
          groups.stream()
              .filter(others -> Features.same(others.get(0).features(), model.features()))
              .findFirst()
              .orElseGet(ArrayList::new);
      if (group.isEmpty()) {
        groups.add(group);
      }
      group.add(model);
    }
    return groups.stream()
        .map(group -> new DetectionPipeline(group, engine, streams, patienceSeconds))
        .collect(Collectors.toUnmodifiableList());
  }

  /**
   * Rejects non-finite samples, which would corrupt the recurrent state for good, and unscaled
   * 16-bit values.
   */
  public static void check(float[] samples, int from, int length) {
    Objects.checkFromIndexSize(from, length, samples.length);
    for (int i = from; i < from + length; i++) {
      if (!SampleFormat.isSample(samples[i])) {
        throw new IllegalArgumentException(
            "samples[" + i + "]=" + samples[i] + ", expected " + SampleFormat.RANGE);
      }
    }
  }

  /**
   * Opens a stream, replacing any that has the same number.
   *
   * @param sampleRate of its samples, Hz
   */
  public void open(int stream, int sampleRate, DetectionHandler sink) {
    open(stream, sampleRate, Set.of(), sink);
  }

  /**
   * Opens a stream that only models with one of these words hear.
   *
   * @param sampleRate of its samples, Hz
   * @param words empty for those of all models
   */
  public void open(int stream, int sampleRate, Set<String> words, DetectionHandler sink) {
    streams[stream] = new StreamState(stream, sampleRate, words, sink, plan, this::run);
    resetHeads(stream);
  }

  /** Whether a model has one of these words. */
  public boolean knowsOneOf(Set<String> words) {
    return plan.models().stream().anyMatch(model -> StreamPlan.needs(words, model));
  }

  /** Frees a stream's memory. */
  public void release(int stream) {
    streams[stream] = null;
  }

  /**
   * Takes samples. They wait for {@link #decide()}; a stream whose frame buffer is full runs the
   * networks before that.
   */
  public void feed(int stream, float[] samples, int from, int length) {
    streams[stream].resample(samples, from, length);
  }

  /** Runs the networks on what has been fed, then the triggers on the posteriors. */
  public void decide() {
    for (StreamState stream : streams) {
      if (stream != null) {
        stream.flush();
      }
    }
    run();
  }

  /** Decides on the frames that streams hold, but not on samples that wait for more. */
  private void run() {
    StepBatch shared = trunk == null ? null : trunk.run();
    for (int h = 0; h < heads.length; h++) {
      StepBatch in = shared == null ? heads[h].gather(h) : heads[h].select(h, shared);
      StepBatch posteriors = heads[h].network.run(in);
      for (int step = 0; step < posteriors.count(); step++) {
        streams[posteriors.stream(step)].store(
            h, posteriors.values(step), posteriors.lengths(step));
      }
    }
    for (StreamState stream : streams) {
      if (stream != null) {
        stream.decide();
      }
    }
  }

  /** Ends a stream and raises pending events, also those of a word that ends with the stream. */
  public void finish(int stream) {
    streams[stream].drain();
    end(stream);
  }

  /** Reports lost samples; events of the sound before them are raised first. */
  public void skip(int stream, long samples) {
    end(stream);
    streams[stream].skip(samples);
    resetHeads(stream);
  }

  private void end(int stream) {
    decide();
    if (streams[stream].begun()) {
      streams[stream].end();
      decide();
    }
    streams[stream].finish();
  }

  /** Restarts a stream at time 0. */
  public void reset(int stream) {
    streams[stream].reset();
    resetHeads(stream);
  }

  /**
   * Saves or restores all streams, between a {@link #decide()} and the next samples.
   *
   * @throws IllegalArgumentException if other models were saved
   * @throws UnsupportedOperationException if a third-party engine runs a network
   */
  public void state(Snapshot snapshot) {
    snapshot.same("models", heads.length);
    if (trunk != null) {
      trunk.network.state(snapshot);
    }
    for (Head head : heads) {
      snapshot.same("model", head.model.name());
      snapshot.same("words", head.model.words());
      head.network.state(snapshot);
    }
    for (StreamState stream : streams) {
      if (stream != null) {
        stream.state(snapshot);
      }
    }
  }

  private void resetHeads(int stream) {
    if (trunk != null) {
      trunk.network.reset(stream);
    }
    for (Head head : heads) {
      head.network.reset(stream);
    }
  }

  @Override
  public void close() {
    for (Head head : heads) {
      head.network.close();
    }
  }

  /**
   * Batches the waiting frames: one stride from each stream in turn, so that each round is one
   * step.
   */
  private void gather(int stride, Predicate<StreamState> runs, StepBatch frames) {
    frames.clear();
    boolean more = true;
    for (int from = 0; more; from += stride) {
      more = false;
      for (StreamState stream : streams) {
        if (stream != null && stream.filled() > from && runs.test(stream)) {
          for (int i = from; i < Math.min(from + stride, stream.filled()); i++) {
            frames.add(stream.number(), stream.waiting(i));
          }
          more |= stream.filled() > from + stride;
        }
      }
    }
  }

  /** The layers that all networks begin with. */
  private final class Trunk {
    private final int stride;
    private final PosteriorStreams network;
    private final StepBatch frames = new StepBatch();

    Trunk(Network layers, int streams) {
      stride = layers.stride();
      network = layers.start(streams);
    }

    StepBatch run() {
      gather(stride, this::isNeeded, frames);
      return network.run(frames);
    }

    private boolean isNeeded(StreamState stream) {
      for (int h = 0; h < heads.length; h++) {
        if (stream.runs(h)) {
          return true;
        }
      }
      return false;
    }
  }

  /** One model, its network or what follows the trunk, and the input of that. */
  private final class Head {
    private final WakeModel model;
    private final PosteriorStreams network;
    private final StepBatch frames = new StepBatch();

    Head(WakeModel model, PosteriorStreams network) {
      this.model = model;
      this.network = network;
    }

    StepBatch gather(int head) {
      DetectionPipeline.this.gather(model.network().stride(), stream -> stream.runs(head), frames);
      return frames;
    }

    /** Picks the steps of the streams that need the model. */
    StepBatch select(int head, StepBatch shared) {
      frames.clear();
      for (int step = 0; step < shared.count(); step++) {
        if (streams[shared.stream(step)].runs(head)) {
          frames.add(shared.stream(step), shared.values(step));
        }
      }
      return frames;
    }
  }
}
