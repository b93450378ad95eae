package io.github.rouse.detect;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.tarsos.Resampler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.WordSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Models that hear the same features, in one or many streams of mono samples; confined to one
 * thread. What streams hear waits as frames until {@link #decide()}, so that a network takes all
 * streams' frames at once. No stream changes a bit of another.
 */
public final class DetectionPipeline implements AutoCloseable {
  private static final int MOST_FRAMES = 64; // of a stream that wait
  private static final double PATIENCE_SECONDS = 3; // of silence, until networks rest in it
  private static final int LONGEST_UNIT = 1000; // frames

  private final FeatureSpec spec;
  private final Head[] heads;
  private final Stream[] streams; // null where none is open
  private final int unit; // frames in which all networks make whole steps
  private final long patience; // samples of silence that are heard before any is left out

  private DetectionPipeline(
      List<WakeModel> models, Engine engine, int streams, double patienceSeconds) {
    spec = models.get(0).features();
    this.streams = new Stream[streams];
    heads = models.stream().map(model -> new Head(model, engine, streams)).toArray(Head[]::new);
    long unit = 1;
    long reach = 0; // frames
    for (WakeModel model : models) {
      unit = unit > LONGEST_UNIT ? unit : leastCommonMultiple(unit, model.network().stride());
      reach = Math.max(reach, model.network().receptiveField() + model.network().stride());
    }
    boolean gated = unit <= LONGEST_UNIT;
    this.unit = gated ? (int) unit : 1;
    long rest = Math.max(Math.round(patienceSeconds * spec.sampleRate()), reach * spec.hop());
    this.patience = gated ? rest + spec.frameLength() : Long.MAX_VALUE;
  }

  private static long leastCommonMultiple(long a, long b) {
    long multiple = a;
    while (multiple % b != 0) { // at most 4096 times, as strides go no further
      multiple += a;
    }
    return multiple;
  }

  /**
   * Ears for models, one for each kind of features.
   *
   * @param streams how many there may be at a time
   * @throws IllegalArgumentException if a model cannot stream, or there is none
   */
  public static List<DetectionPipeline> of(List<WakeModel> models, Engine engine, int streams) {
    return of(models, engine, streams, PATIENCE_SECONDS);
  }

  /** The same, but so many seconds of true silence are heard before any is not. */
  public static List<DetectionPipeline> of(
      List<WakeModel> models, Engine engine, int streams, double patienceSeconds) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models=[], expected at least one");
    }
    List<List<WakeModel>> alike = new ArrayList<>();
    for (WakeModel model : models) {
      List<WakeModel> group =
          alike.stream()
              .filter(others -> others.get(0).features().equals(model.features()))
              .findFirst()
              .orElseGet(ArrayList::new);
      if (group.isEmpty()) {
        alike.add(group);
      }
      group.add(model);
    }
    return alike.stream()
        .map(group -> new DetectionPipeline(group, engine, streams, patienceSeconds))
        .toList();
  }

  /** Refuses samples that would stay in the recurrent state for good. */
  public static void check(float[] samples, int from, int length) {
    Objects.checkFromIndexSize(from, length, samples.length);
    for (int i = from; i < from + length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new IllegalArgumentException("samples[" + i + "]=" + samples[i]);
      }
    }
  }

  /**
   * Begins a stream, in place of the one of that number.
   *
   * @param sampleRate of the samples it will be given, Hz
   */
  public void open(int stream, int sampleRate, DetectionHandler sink) {
    streams[stream] = new Stream(stream, sampleRate, sink);
    resetHeads(stream);
  }

  /** Gives a stream's memory back. */
  public void release(int stream) {
    streams[stream] = null;
  }

  /** Takes samples; decides on what waits if a stream has no more room. */
  public void accept(int stream, float[] samples, int from, int length) {
    Stream to = streams[stream];
    to.received += length;
    to.resampler.accept(samples, from, length, to);
  }

  /** Lets the networks hear the frames that wait, then decides on them. */
  public void decide() {
    for (int h = 0; h < heads.length; h++) {
      StepBatch posteriors = heads[h].network.run(heads[h].gather(streams));
      for (int step = 0; step < posteriors.count(); step++) {
        streams[posteriors.stream(step)].take(h, posteriors.values(step));
      }
    }
    for (Stream stream : streams) {
      if (stream != null) {
        stream.decide();
      }
    }
  }

  /** Ends a stream: what is still on its way is decided on. */
  public void finish(int stream) {
    streams[stream].resampler.finish(streams[stream]);
    streams[stream].gate.finish(streams[stream].hearing);
    decide();
    streams[stream].finish();
  }

  /** Says that samples were lost; a word already found is raised first. */
  public void skip(int stream, long samples) {
    Stream of = streams[stream];
    of.finish();
    of.received += samples;
    of.lost += samples;
    of.restart();
  }

  /** Forgets a stream so far, time included. */
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

  /** One model, and what its network is given. */
  private static final class Head {
    private final WakeModel model;
    private final PosteriorStreams network;
    private final StepBatch frames = new StepBatch();

    Head(WakeModel model, Engine engine, int streams) {
      this.model = model;
      network = model.start(engine, streams);
    }

    /** As many frames of each stream in turn as make a step, so that rounds are whole. */
    StepBatch gather(Stream[] streams) {
      frames.clear();
      int stride = model.network().stride();
      boolean more = true;
      for (int from = 0; more; from += stride) {
        more = false;
        for (Stream stream : streams) {
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

  /** One stream: its frames on their way in, and a trigger for each word of each model. */
  private final class Stream implements SampleSink, Spectrogram.Sink {
    private final int number;
    private final DetectionHandler sink;
    private final int sampleRate; // of the samples given
    private final Resampler resampler;
    private final SilenceGate gate = new SilenceGate(patience, unit * spec.hop());
    private final Spectrogram spectrogram = new Spectrogram(spec);
    private final WordSpan span = new WordSpan(spec.sampleRate());
    private final Trigger[][] triggers = new Trigger[heads.length][]; // [models][words]
    private final float[][] waiting = new float[MOST_FRAMES][spec.bins()];
    private final float[] levels = new float[MOST_FRAMES]; // of the waiting frames, mean squares
    private final float[][][] steps = new float[heads.length][MOST_FRAMES][]; // to be decided on
    private final int[] given = new int[heads.length]; // of these steps
    private final SampleSink hearing = this::hear;
    private final Runnable leavingOut = this::leaveOut;
    private final int[] decided = new int[heads.length]; // of these steps
    private final float[][] last = new float[heads.length][]; // posteriors of each model
    private int filled; // waiting frames
    private long received; // samples at sampleRate, lost ones included
    private long lost; // of them
    private long origin; // sample at which this stretch of sound began
    private long heard; // samples since origin
    private long frames; // since origin, the waiting ones not among them

    Stream(int number, int sampleRate, DetectionHandler sink) {
      this.number = number;
      this.sampleRate = sampleRate;
      resampler = new Resampler(sampleRate, spec.sampleRate());
      this.sink = sink;
      for (int h = 0; h < heads.length; h++) {
        WakeModel model = heads[h].model;
        triggers[h] = new Trigger[model.words().size()];
        Arrays.setAll(triggers[h], word -> new Trigger(model.policy(), spec.sampleRate()));
        last[h] = new float[triggers[h].length];
      }
    }

    /** Takes samples at the features' rate. */
    @Override
    public void accept(float[] samples, int from, int length) {
      gate.accept(samples, from, length, hearing, leavingOut);
    }

    private void hear(float[] samples, int from, int length) {
      heard += length;
      spectrogram.accept(samples, from, length, this);
    }

    /** A unit of silence after silence: as if all posteriors stayed what they are. */
    private void leaveOut() {
      if (filled > 0) {
        DetectionPipeline.this.decide();
      }
      heard += (long) unit * spec.hop();
      for (int i = 0; i < unit; i++) {
        long at = next(0);
        for (int h = 0; h < heads.length; h++) {
          if (heads[h].model.network().completes(frames)) {
            decide(h, last[h], at);
          }
        }
      }
    }

    /** Goes on by a frame; the sample at which it is known. */
    private long next(float level) {
      long at = frames * spec.hop() + spec.frameLength();
      frames++;
      span.add(level, at);
      return at;
    }

    @Override
    public void accept(float[] frame, float level) {
      System.arraycopy(frame, 0, waiting[filled], 0, frame.length);
      levels[filled++] = level;
      if (filled == MOST_FRAMES) {
        DetectionPipeline.this.decide();
      }
    }

    /** Takes a step of a model's posteriors, which is valid until its network runs again. */
    private void take(int h, float[] posteriors) {
      steps[h][given[h]++] = posteriors;
    }

    /** Decides on the steps of the waiting frames, one frame after the other. */
    void decide() {
      for (int i = 0; i < filled; i++) {
        long at = next(levels[i]);
        for (int h = 0; h < heads.length; h++) {
          if (heads[h].model.network().completes(frames)) {
            float[] posteriors = steps[h][decided[h]++];
            decide(h, posteriors, at);
            System.arraycopy(posteriors, 0, last[h], 0, posteriors.length);
          }
        }
      }
      clear();
    }

    private void clear() {
      filled = 0;
      Arrays.fill(given, 0);
      Arrays.fill(decided, 0);
    }

    private void decide(int h, float[] posteriors, long at) {
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
          if (triggers[h][word].finish(heard)) {
            raise(h, word, heard);
          }
        }
      }
    }

    private void raise(int h, int word, long at) {
      Trigger trigger = triggers[h][word];
      WakeModel model = heads[h].model;
      span.locate(trigger.climbedAt());
      sink.event(
          new TriggerEvent(
              model.name(),
              model.words().get(word),
              origin + span.start(),
              origin + span.end(),
              origin + at,
              spec.sampleRate(),
              trigger.score(),
              lost));
    }

    void restart() {
      origin = Math.round((double) received * spec.sampleRate() / sampleRate);
      heard = 0;
      frames = 0;
      clear();
      resampler.reset();
      gate.reset();
      spectrogram.reset();
      span.reset();
      resetHeads(number);
      for (Trigger[] words : triggers) {
        for (Trigger trigger : words) {
          trigger.reset();
        }
      }
    }
  }
}
