// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.trigger.Repeats;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import io.github.rouse.trigger.WordSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Runs models with the same features on one or many streams of mono samples, on one thread. Frames
 * wait until {@link #decide()}, so that a network processes the frames of all streams in one batch.
 * A stream's results do not depend on the other streams, to the bit.
 */
public final class DetectionPipeline implements AutoCloseable {
  private static final int MAX_FRAMES = 64; // that wait, per stream
  private static final double PATIENCE_SECONDS = 3; // of silence before the networks pause
  private static final int MAX_UNIT = 1000; // frames
  private static final float CANDIDATE_SECONDS = 0.2f; // between candidates of a word

  private final FeatureSpec spec;
  private final Head[] heads;
  private final StreamState[] streams; // null where none is open
  private final int unit; // frames, a common multiple of all strides
  private final int recent; // frames that verifiers read
  private final long patience; // samples of silence processed before any is skipped

  private DetectionPipeline(
      List<WakeModel> models, Engine engine, int streams, double patienceSeconds) {
    spec = models.get(0).features();
    this.streams = new StreamState[streams];
    heads = models.stream().map(model -> new Head(model, engine, streams)).toArray(Head[]::new);
    long unit = 1;
    long context = 0; // frames
    int recent = 0;
    for (WakeModel model : models) {
      recent = Math.max(recent, model.verifier().map(Verifier::frames).orElse(0));
      unit = unit > MAX_UNIT ? unit : leastCommonMultiple(unit, model.network().stride());
      context = Math.max(context, model.network().receptiveField() + model.network().stride());
    }
    this.recent = recent;
    context = Math.max(context, recent);
    boolean gated = unit <= MAX_UNIT;
    this.unit = gated ? (int) unit : 1;
    long silence = Math.max(Math.round(patienceSeconds * spec.sampleRate()), context * spec.hop());
    this.patience = gated ? silence + spec.frameLength() : Long.MAX_VALUE;
  }

  private static long leastCommonMultiple(long a, long b) {
    long multiple = a;
    while (multiple % b != 0) { // at most 4096 times, the largest stride
      multiple += a;
    }
    return multiple;
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
              .filter(others -> others.get(0).features().equals(model.features()))
              .findFirst()
              .orElseGet(ArrayList::new);
      if (group.isEmpty()) {
        groups.add(group);
      }
      group.add(model);
    }
    return groups.stream()
        .map(group -> new DetectionPipeline(group, engine, streams, patienceSeconds))
        .toList();
  }

  /** Rejects non-finite samples, which would corrupt the recurrent state for good. */
  public static void check(float[] samples, int from, int length) {
    Objects.checkFromIndexSize(from, length, samples.length);
    for (int i = from; i < from + length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new IllegalArgumentException("samples[" + i + "]=" + samples[i]);
      }
    }
  }

  /**
   * Opens a stream, replacing any that has the same number.
   *
   * @param sampleRate of its samples, Hz
   */
  public void open(int stream, int sampleRate, DetectionHandler sink) {
    streams[stream] = new StreamState(stream, sampleRate, sink);
    resetHeads(stream);
  }

  /** Frees a stream's memory. */
  public void release(int stream) {
    streams[stream] = null;
  }

  /**
   * Takes samples. Their frames wait for {@link #decide()}, which a stream calls itself when its
   * frame buffer is full.
   */
  public void feed(int stream, float[] samples, int from, int length) {
    streams[stream].resample(samples, from, length);
  }

  /** Runs the networks on the waiting frames, then the triggers on the posteriors. */
  public void decide() {
    for (int h = 0; h < heads.length; h++) {
      StepBatch posteriors = heads[h].network.run(heads[h].gather(streams));
      for (int step = 0; step < posteriors.count(); step++) {
        streams[posteriors.stream(step)].store(h, posteriors.values(step));
      }
    }
    for (StreamState stream : streams) {
      if (stream != null) {
        stream.decide();
      }
    }
  }

  /** Ends a stream and raises pending events. */
  public void finish(int stream) {
    streams[stream].drain();
    decide();
    streams[stream].finish();
  }

  /** Reports lost samples; a word already found is raised first. */
  public void skip(int stream, long samples) {
    StreamState of = streams[stream];
    of.finish();
    of.received += samples;
    of.lost += samples;
    of.restart();
  }

  /** Restarts a stream at time 0. */
  public void reset(int stream) {
    streams[stream].received = 0;
    streams[stream].lost = 0;
    streams[stream].restart();
  }

  private void resetHeads(int stream) {
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

  /** One model, its network, and the network's input. */
  private static final class Head {
    private final WakeModel model;
    private final PosteriorStreams network;
    private final StepBatch frames = new StepBatch();

    Head(WakeModel model, Engine engine, int streams) {
      this.model = model;
      network = model.start(engine, streams);
    }

    /** Batches the frames: one stride from each stream in turn, so that each round is one step. */
    StepBatch gather(StreamState[] streams) {
      frames.clear();
      int stride = model.network().stride();
      boolean more = true;
      for (int from = 0; more; from += stride) {
        more = false;
        for (StreamState stream : streams) {
          if (stream != null && stream.filled > from) {
            for (int i = from; i < Math.min(from + stride, stream.filled); i++) {
              frames.add(stream.number, stream.waiting[i]);
            }
            more |= stream.filled > from + stride;
          }
        }
      }
      return frames;
    }
  }

  /**
   * One stream: its waiting frames, and a trigger for each word of each model. A sample's walk is
   * {@code resample}, {@code gate}, {@code analyse} and {@code hold}; {@code decide} ends it.
   */
  private final class StreamState {
    private final int number;
    private final DetectionHandler sink;
    private final int sampleRate; // Hz, of the input
    private final Resampler resampler;
    private final SilenceGate gate = new SilenceGate(patience, unit * spec.hop());
    private final Spectrogram spectrogram = new Spectrogram(spec);
    private final WordSpan span = new WordSpan(spec.sampleRate());
    private final Trigger[][] triggers = new Trigger[heads.length][]; // [models][words]
    private final Repeats[][] repeats = new Repeats[heads.length][]; // [models][words]
    private final FrameHistory history = new FrameHistory(recent, spec.bins());
    private final float[][] waiting = new float[MAX_FRAMES][spec.bins()];
    private final float[] levels = new float[MAX_FRAMES]; // mean squares of the waiting frames
    private final float[][][] steps = new float[heads.length][MAX_FRAMES][]; // posteriors
    private final int[] stored = new int[heads.length]; // steps stored
    private final int[] decided = new int[heads.length]; // steps decided on
    private final float[][] last = new float[heads.length][]; // latest posteriors of each model
    private final SampleSink resampled = this::gate;
    private final SampleSink audible = this::analyse;
    private final Runnable silent = this::skipUnit;
    private final Spectrogram.FrameSink analysed = this::hold;
    private int filled; // waiting frames
    private long received; // samples at sampleRate, including lost ones
    private long lost; // samples at sampleRate
    private long origin; // sample at which the stream began or the last gap ended
    private long position; // samples since origin
    private long frames; // since origin, without the waiting ones

    StreamState(int number, int sampleRate, DetectionHandler sink) {
      this.number = number;
      this.sampleRate = sampleRate;
      resampler = new Resampler(sampleRate, spec.sampleRate());
      this.sink = sink;
      for (int h = 0; h < heads.length; h++) {
        WakeModel model = heads[h].model;
        triggers[h] = new Trigger[model.words().size()];
        repeats[h] = new Repeats[triggers[h].length];
        for (int word = 0; word < triggers[h].length; word++) {
          triggers[h][word] = new Trigger(candidates(model, word), spec.sampleRate());
          repeats[h][word] = new Repeats(model.policy(), spec.sampleRate());
        }
        last[h] = new float[triggers[h].length];
      }
    }

    /** When a posterior is an event or, with a verifier, worth a second look. */
    private static TriggerPolicy candidates(WakeModel model, int word) {
      TriggerPolicy policy = model.policy();
      return model
          .verifier()
          .map(v -> policy.withThreshold(v.heads().get(word).level()))
          .map(p -> p.withRefractory(CANDIDATE_SECONDS))
          .orElse(policy);
    }

    /** Takes samples at the stream's own rate. */
    void resample(float[] samples, int from, int length) {
      received += length;
      resampler.accept(samples, from, length, resampled);
    }

    /** Parts sound from true silence, at the features' rate. */
    private void gate(float[] samples, int from, int length) {
      gate.split(samples, from, length, audible, silent);
    }

    /** Turns sound into frames. */
    private void analyse(float[] samples, int from, int length) {
      position += length;
      spectrogram.accept(samples, from, length, analysed);
    }

    /** Holds a frame until the networks run. */
    private void hold(float[] frame, float level) {
      System.arraycopy(frame, 0, waiting[filled], 0, frame.length);
      levels[filled++] = level;
      if (filled == MAX_FRAMES) {
        DetectionPipeline.this.decide();
      }
    }

    /** Skips one unit of silence: the posteriors stay constant. */
    private void skipUnit() {
      if (filled > 0) {
        DetectionPipeline.this.decide();
      }
      position += (long) unit * spec.hop();
      for (int i = 0; i < unit; i++) {
        long at = next(0);
        for (int h = 0; h < heads.length; h++) {
          if (heads[h].model.network().completes(frames)) {
            trigger(h, last[h], at);
          }
        }
      }
    }

    /** Sends the samples still held by resampler and gate on their way. */
    void drain() {
      resampler.finish(resampled);
      gate.finish(audible);
    }

    /** Advances by one frame; returns the sample at which it is complete. */
    private long next(float level) {
      long at = frames * spec.hop() + spec.frameLength();
      frames++;
      span.add(level, at);
      return at;
    }

    /** Stores one step of a model's posteriors, valid until its network runs again. */
    private void store(int h, float[] posteriors) {
      steps[h][stored[h]++] = posteriors;
    }

    /** Runs the triggers on the waiting frames in order. */
    void decide() {
      for (int i = 0; i < filled; i++) {
        long at = next(levels[i]);
        history.add(waiting[i]);
        for (int h = 0; h < heads.length; h++) {
          if (heads[h].model.network().completes(frames)) {
            float[] posteriors = steps[h][decided[h]++];
            trigger(h, posteriors, at);
            System.arraycopy(posteriors, 0, last[h], 0, posteriors.length);
          }
        }
      }
      clear();
    }

    private void clear() {
      filled = 0;
      Arrays.fill(stored, 0);
      Arrays.fill(decided, 0);
    }

    private void trigger(int h, float[] posteriors, long at) {
      sink.posteriors(heads[h].model, origin + at, posteriors);
      for (int word = 0; word < triggers[h].length; word++) {
        if (triggers[h][word].step(posteriors[word], at)) {
          raise(h, word, at);
        }
      }
    }

    void finish() {
      for (int h = 0; h < heads.length; h++) {
        for (int word = 0; word < triggers[h].length; word++) {
          if (triggers[h][word].finish(position)) {
            raise(h, word, position);
          }
        }
      }
    }

    private void raise(int h, int word, long at) {
      Trigger trigger = triggers[h][word];
      WakeModel model = heads[h].model;
      if (model.verifier().isEmpty()) {
        send(h, word, at, trigger.score(), null);
        return;
      }
      Verifier verifier = model.verifier().get();
      float logit = verifier.logit(word, history.last(verifier.frames()));
      float score = verifier.score(word, trigger.score(), logit);
      if (repeats[h][word].accept(score, at)) {
        float second = (float) (1 / (1 + Math.exp(-logit)));
        send(h, word, at, score, new TriggerEvent.Looks(trigger.score(), second));
      }
    }

    private void send(int h, int word, long at, float score, TriggerEvent.Looks looks) {
      WakeModel model = heads[h].model;
      span.locate(triggers[h][word].climbedAt());
      sink.event(
          new TriggerEvent(
              model.name(),
              model.words().get(word),
              origin + span.start(),
              origin + span.end(),
              origin + at,
              spec.sampleRate(),
              score,
              looks,
              lost));
    }

    void restart() {
      origin = Math.round((double) received * spec.sampleRate() / sampleRate);
      position = 0;
      frames = 0;
      clear();
      resampler.reset();
      gate.reset();
      spectrogram.reset();
      span.reset();
      history.reset();
      resetHeads(number);
      for (int h = 0; h < heads.length; h++) {
        for (int word = 0; word < triggers[h].length; word++) {
          triggers[h][word].reset();
          repeats[h][word].reset();
        }
      }
    }
  }
}
