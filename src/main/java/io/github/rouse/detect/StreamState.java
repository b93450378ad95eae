// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.NearMisses;
import io.github.rouse.trigger.Repeats;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import io.github.rouse.trigger.WordSpan;
import java.util.Arrays;
import java.util.Set;

/**
 * One stream: its waiting frames, and a trigger for each word of each model. A sample's walk is
 * {@code resample}, {@code gate}, {@code analyse} and {@code hold}; the pipeline then runs the
 * networks, and {@code store} and {@code decide} end it.
 */
final class StreamState {
  private static final int MAX_FRAMES = 64; // that wait
  private static final float CANDIDATE_SECONDS = 0.2f; // between candidates of a word

  private final int number;
  private final DetectionHandler sink;
  private final int sampleRate; // Hz, of the input
  private final StreamPlan plan;
  private final FeatureSpec spec;
  private final WakeModel[] models;
  private final boolean[] runs; // [models]
  private final Runnable full; // runs the networks
  private final Resampler resampler;
  private final SilenceGate gate;
  private final Spectrogram spectrogram;
  private final FadeOut fadeOut;
  private final WordSpan span;
  private final FrameHistory history;
  private final Trigger[][] triggers; // [models][words]
  private final Repeats[][] repeats; // [models][words]
  private final Trigger[][] near; // [models][words], at a lower threshold; null with a verifier
  private final NearMisses[][] misses; // [models][words]
  private final float[][] waiting; // [MAX_FRAMES][bins]
  private final float[] levels = new float[MAX_FRAMES]; // mean squares of the waiting frames
  private final float[][][] steps; // [models][MAX_FRAMES][words], posteriors
  private final float[][][] begun; // [models][MAX_FRAMES][words], steps back, or null
  private final PathLengths[] paths; // [models]; null where the network knows no beginnings
  private final int[] stored; // [models], steps stored
  private final int[] decided; // [models], steps decided on
  private final float[][] last; // [models][words], latest posteriors
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
  private long end = Long.MAX_VALUE; // sample after the last, once that is known

  /**
   * Opens a stream at time 0.
   *
   * @param sampleRate of its samples, Hz
   * @param words whose models run; empty for all
   * @param full runs the networks, then {@link #decide()}, when no more frames can wait
   */
  StreamState(
      int number,
      int sampleRate,
      Set<String> words,
      DetectionHandler sink,
      StreamPlan plan,
      Runnable full) {
    this.number = number;
    this.sampleRate = sampleRate;
    this.sink = sink;
    this.plan = plan;
    this.full = full;
    spec = plan.features();
    models = plan.models().toArray(WakeModel[]::new);
    runs = new boolean[models.length];
    resampler = new Resampler(sampleRate, spec.sampleRate());
    gate = new SilenceGate(plan.patience(), plan.unitSamples());
    spectrogram = new Spectrogram(spec);
    fadeOut = new FadeOut(spec.sampleRate());
    span = new WordSpan(spec.sampleRate());
    waiting = new float[MAX_FRAMES][spec.bins()];
    history = new FrameHistory(plan.history(), spec.bins());
    triggers = new Trigger[models.length][];
    repeats = new Repeats[models.length][];
    near = new Trigger[models.length][];
    misses = new NearMisses[models.length][];
    steps = new float[models.length][MAX_FRAMES][];
    begun = new float[models.length][MAX_FRAMES][];
    paths = new PathLengths[models.length];
    stored = new int[models.length];
    decided = new int[models.length];
    last = new float[models.length][];
    for (int m = 0; m < models.length; m++) {
      WakeModel model = models[m];
      runs[m] = StreamPlan.needs(words, model);
      triggers[m] = new Trigger[model.words().size()];
      repeats[m] = new Repeats[triggers[m].length];
      near[m] = new Trigger[triggers[m].length];
      misses[m] = new NearMisses[triggers[m].length];
      for (int word = 0; word < triggers[m].length; word++) {
        triggers[m][word] = new Trigger(candidates(model, word), spec.sampleRate());
        TriggerPolicy policy = model.policy(word);
        repeats[m][word] = new Repeats(policy, spec.sampleRate());
        near[m][word] =
            model.verifier().isPresent()
                ? null // its candidates are raised anyway
                : new Trigger(NearMisses.near(policy), spec.sampleRate());
        misses[m][word] = new NearMisses(policy, model.secondChance(), spec.sampleRate());
      }
      last[m] = new float[triggers[m].length];
    }
  }

  /** When a posterior is an event or, with a verifier, worth a second look. */
  private static TriggerPolicy candidates(WakeModel model, int word) {
    TriggerPolicy policy = model.policy(word);
    return model
        .verifier()
        .map(verifier -> policy.withThreshold(verifier.heads().get(word).level()))
        .map(candidates -> candidates.withRefractory(CANDIDATE_SECONDS))
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
    fadeOut.add(samples, from, length);
    spectrogram.collect(samples, from, length, analysed);
  }

  /** Turns the samples of completed frames into frames. */
  void flush() {
    spectrogram.flush(analysed);
  }

  /** Holds a frame until the networks run. */
  private void hold(float[] frame, float level) {
    System.arraycopy(frame, 0, waiting[filled], 0, frame.length);
    levels[filled++] = level;
    if (filled == MAX_FRAMES) {
      full.run();
    }
  }

  /** Skips one unit of silence: the posteriors stay constant. */
  private void skipUnit() {
    flush();
    if (filled > 0) {
      full.run();
    }
    position += plan.unitSamples();
    for (int i = 0; i < plan.unit(); i++) {
      long at = next(0);
      for (int m = 0; m < models.length; m++) {
        if (runs[m] && models[m].network().completes(frames)) {
          trigger(m, last[m], at);
        }
      }
    }
  }

  /** Advances by one frame; returns the sample at which it is complete. */
  private long next(float level) {
    long at = frames * spec.hop() + spec.frameLength();
    frames++;
    span.add(level, at);
    return at;
  }

  /**
   * Stores one step of a model's posteriors, valid until its network runs again.
   *
   * @param lengths how many steps back each word began, or null
   */
  void store(int m, float[] posteriors, float[] lengths) {
    begun[m][stored[m]] = lengths;
    steps[m][stored[m]++] = posteriors;
  }

  /** Runs the triggers on the waiting frames in order. */
  void decide() {
    for (int i = 0; i < filled; i++) {
      long at = next(levels[i]);
      history.add(waiting[i]);
      for (int m = 0; m < models.length; m++) {
        if (runs[m] && models[m].network().completes(frames)) {
          if (begun[m][decided[m]] != null) {
            remember(m, at, begun[m][decided[m]]);
          }
          float[] posteriors = steps[m][decided[m]++];
          trigger(m, posteriors, at);
          System.arraycopy(posteriors, 0, last[m], 0, posteriors.length);
        }
      }
    }
    clear();
  }

  private void remember(int m, long at, float[] lengths) {
    if (paths[m] == null) {
      paths[m] = new PathLengths(lengths.length);
    }
    paths[m].add(at, lengths);
  }

  private void clear() {
    filled = 0;
    Arrays.fill(stored, 0);
    Arrays.fill(decided, 0);
  }

  private void trigger(int m, float[] posteriors, long at) {
    if (end == Long.MAX_VALUE) {
      sink.posteriors(models[m], origin + at, posteriors);
    }
    for (int word = 0; word < triggers[m].length; word++) {
      if (triggers[m][word].step(posteriors[word], at)) {
        raise(m, word, at);
      }
      if (near[m][word] != null && near[m][word].step(posteriors[word], at)) {
        miss(m, word, at, near[m][word], near[m][word].score(), null);
      }
      send(misses[m][word].due(origin + at));
    }
  }

  /** Sends the samples still held by resampler and gate on their way. */
  void drain() {
    resampler.finish(resampled);
    gate.finish(audible);
  }

  /**
   * Lets the networks hear the last sound fade out. These posteriors serve the triggers and are not
   * passed on.
   */
  void end() {
    end = position;
    drain();
    float[] continuation = fadeOut.continuation();
    analyse(continuation, 0, continuation.length);
  }

  /** Raises pending events; the last call before a reset. */
  void finish() {
    for (int m = 0; m < models.length; m++) {
      for (int word = 0; word < triggers[m].length; word++) {
        if (triggers[m][word].finish(position)) {
          raise(m, word, position);
        }
        if (near[m][word] != null && near[m][word].finish(position)) {
          miss(m, word, position, near[m][word], near[m][word].score(), null);
        }
        send(misses[m][word].finish());
      }
    }
  }

  private void raise(int m, int word, long at) {
    Trigger trigger = triggers[m][word];
    float first = trigger.score();
    Verifier verifier = models[m].verifier().orElse(null);
    float score = first;
    TriggerEvent.Looks looks = null;
    if (verifier != null) {
      float logit = verifier.logit(word, history.last(verifier.frames()));
      score = verifier.score(word, first, logit);
      looks = new TriggerEvent.Looks(first, (float) (1 / (1 + Math.exp(-logit))));
      if (!repeats[m][word].accept(score, at)) {
        miss(m, word, at, trigger, score, looks);
        return;
      }
    }
    if (!misses[m][word].isTaken(origin + at)) {
      send(event(m, word, at, trigger, score, looks), misses[m][word]);
    }
  }

  private void send(TriggerEvent event, NearMisses of) {
    of.forget(event.at());
    sink.event(event);
  }

  private void miss(
      int m, int word, long at, Trigger trigger, float score, TriggerEvent.Looks looks) {
    NearMisses of = misses[m][word];
    if (!of.isNear(score, origin + at)) {
      return;
    }
    TriggerEvent miss = event(m, word, at, trigger, score, looks);
    if (of.isSecondChance(score, origin + at)) {
      send(of.due(origin + at));
      of.take(origin + at);
      send(miss, of);
    } else {
      of.hold(miss);
    }
  }

  private void send(TriggerEvent miss) {
    if (miss != null) {
      sink.nearMiss(miss);
    }
  }

  private TriggerEvent event(
      int m, int word, long at, Trigger trigger, float score, TriggerEvent.Looks looks) {
    span.locate(trigger.climbedAt());
    long first = span.start();
    long last = span.end();
    float steps = paths[m] == null ? 0 : paths[m].of(word, trigger.climbedAt());
    if (steps > 0) {
      long samples = Math.round((double) steps * models[m].network().stride() * spec.hop());
      first = Math.max(0, trigger.climbedAt() - samples);
      last = trigger.climbedAt();
    }
    return new TriggerEvent(
        models[m].name(),
        models[m].words().get(word),
        origin + Math.min(first, end),
        origin + Math.min(last, end),
        origin + Math.min(at, end),
        spec.sampleRate(),
        score,
        looks,
        lost);
  }

  /** Saves or restores the stream, between two calls: no frame waits. */
  void state(Snapshot snapshot) {
    snapshot.same("sample rate", sampleRate);
    received = snapshot.number(received);
    lost = snapshot.number(lost);
    origin = snapshot.number(origin);
    position = snapshot.number(position);
    frames = snapshot.number(frames);
    end = snapshot.number(end);
    resampler.state(snapshot);
    gate.state(snapshot);
    spectrogram.state(snapshot);
    fadeOut.state(snapshot);
    span.state(snapshot);
    history.state(snapshot);
    snapshot.values(last);
    for (int m = 0; m < models.length; m++) {
      if (snapshot.flag(paths[m] != null)) {
        paths[m] = paths[m] == null ? new PathLengths(last[m].length) : paths[m];
        paths[m].state(snapshot);
      } else {
        paths[m] = null;
      }
      for (int word = 0; word < triggers[m].length; word++) {
        triggers[m][word].state(snapshot);
        repeats[m][word].state(snapshot);
        misses[m][word].state(snapshot);
        if (near[m][word] != null) {
          near[m][word].state(snapshot);
        }
      }
    }
  }

  /** Samples were lost. */
  void skip(long samples) {
    received += samples;
    lost += samples;
    restart();
  }

  /** Starts again at time 0. */
  void reset() {
    received = 0;
    lost = 0;
    restart();
  }

  private void restart() {
    origin = Math.round((double) received * spec.sampleRate() / sampleRate);
    position = 0;
    frames = 0;
    end = Long.MAX_VALUE;
    clear();
    resampler.reset();
    gate.reset();
    spectrogram.reset();
    fadeOut.reset();
    span.reset();
    history.reset();
    for (int m = 0; m < models.length; m++) {
      if (paths[m] != null) {
        paths[m].reset();
      }
      for (int word = 0; word < triggers[m].length; word++) {
        triggers[m][word].reset();
        repeats[m][word].reset();
        misses[m][word].reset();
        if (near[m][word] != null) {
          near[m][word].reset();
        }
      }
    }
  }

  /** Whether any sample has come since the start or the last gap. */
  boolean begun() {
    return position > 0;
  }

  int number() {
    return number;
  }

  /** Whether the stream needs a model. */
  boolean runs(int m) {
    return runs[m];
  }

  /** The number of frames that wait. */
  int filled() {
    return filled;
  }

  /** A waiting frame, [bins]. */
  float[] waiting(int i) {
    return waiting[i];
  }
}
