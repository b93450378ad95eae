package io.github.rouse;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.PosteriorStream;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.WordSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The corridor for one stream: mono samples in, {@link TriggerEvent}s out, for any number of
 * models.
 *
 * <p>A model's posteriors and events do not depend on how the samples were cut into calls. Models
 * that hear the same features share their computation. Confined to one thread.
 */
public final class Detector implements SampleSink, AutoCloseable {
  /**
   * Receives what a detector hears. What it throws comes out of {@link #accept}; after that only a
   * {@link #reset()} makes the detector fit for use.
   */
  @FunctionalInterface
  public interface Sink {
    /** A word was heard. */
    void event(TriggerEvent event);

    /**
     * A step of posteriors came out, before any smoothing.
     *
     * @param at the sample, at the model's rate, at which they became known
     * @param posteriors [words], overwritten by the next step
     */
    default void posteriors(WakeModel model, long at, float[] posteriors) {}
  }

  private static final int MOST_FRAMES = 64; // that networks are given at a time

  private final int sampleRate;
  private final Ear[] ears;
  private final Sink sink;
  private long received; // samples at sampleRate, lost ones included
  private long lost; // of them

  /** A detector for one model on the native engine, fed at the model's own rate. */
  public Detector(WakeModel model, Consumer<TriggerEvent> events) {
    this(List.of(model), model.features().sampleRate(), Engine.NATIVE, events::accept);
  }

  /**
   * A detector for several models.
   *
   * @param sampleRate of the samples it will be given, Hz; resampled for models that need another
   * @throws IllegalArgumentException if a model cannot stream, or the list is empty
   */
  public Detector(List<WakeModel> models, int sampleRate, Engine engine, Sink sink) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models=[], expected at least one");
    }
    this.sampleRate = sampleRate;
    this.sink = sink;
    Map<FeatureSpec, List<WakeModel>> bySpec = new LinkedHashMap<>();
    for (WakeModel model : models) {
      bySpec.computeIfAbsent(model.features(), spec -> new ArrayList<>()).add(model);
    }
    ears =
        bySpec.entrySet().stream()
            .map(group -> new Ear(group.getKey(), group.getValue(), engine))
            .toArray(Ear[]::new);
  }

  /**
   * Takes samples.
   *
   * @param samples in [-1, 1], all finite
   * @param from index of the first
   * @param length how many
   */
  @Override
  public void accept(float[] samples, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (!Float.isFinite(samples[i])) { // it would stay in the recurrent state for good
        throw new IllegalArgumentException("samples[" + i + "]=" + samples[i]);
      }
    }
    received += length;
    for (Ear ear : ears) {
      ear.resampler.accept(samples, from, length, ear);
      ear.decide();
    }
  }

  /**
   * Ends the stream: what is still on its way comes out. Further samples need a {@link #reset()}.
   */
  public void finish() {
    for (Ear ear : ears) {
      ear.resampler.finish(ear);
      ear.decide();
      ear.finish();
    }
  }

  /**
   * Says that samples were lost before the next ones. Time goes on, and listening starts afresh:
   * what stands before and after a gap is not one sound.
   *
   * @param samples how many, at the rate of {@link #accept}; a word already found is raised first
   */
  public void skip(long samples) {
    for (Ear ear : ears) {
      ear.finish();
    }
    received += samples;
    lost += samples;
    restart();
  }

  /** Forgets the stream so far, time included. */
  public void reset() {
    received = 0;
    lost = 0;
    restart();
  }

  private void restart() {
    for (Ear ear : ears) {
      ear.restart();
    }
  }

  @Override
  public void close() {
    for (Ear ear : ears) {
      for (Head head : ear.heads) {
        head.stream.close();
      }
    }
  }

  /** One feature stream and the models that hear it. */
  private final class Ear implements SampleSink, Spectrogram.Sink {
    private final FeatureSpec spec;
    private final Resampler resampler;
    private final Spectrogram spectrogram;
    private final Head[] heads;
    private final WordSpan span;
    private long origin; // sample at which this stretch of sound began
    private final float[][] waiting; // frames, [MOST_FRAMES][bins]
    private final float[] levels = new float[MOST_FRAMES]; // of the waiting frames, mean squares
    private int filled; // waiting frames
    private long heard; // samples since origin
    private long frames; // since origin, the waiting ones not among them

    Ear(FeatureSpec spec, List<WakeModel> models, Engine engine) {
      this.spec = spec;
      resampler = new Resampler(sampleRate, spec.sampleRate());
      spectrogram = new Spectrogram(spec);
      waiting = new float[MOST_FRAMES][spec.bins()];
      span = new WordSpan(spec.sampleRate());
      heads =
          models.stream().map(model -> new Head(model, model.start(engine))).toArray(Head[]::new);
    }

    @Override
    public void accept(float[] samples, int from, int length) {
      heard += length;
      spectrogram.accept(samples, from, length, this);
    }

    @Override
    public void accept(float[] frame, float level) {
      System.arraycopy(frame, 0, waiting[filled], 0, frame.length);
      levels[filled++] = level;
      if (filled == MOST_FRAMES) {
        decide();
      }
    }

    /** Lets the networks hear the frames that wait, then decides frame by frame. */
    void decide() {
      for (Head head : heads) {
        head.stream.run(waiting, filled);
        head.taken = 0;
      }
      for (int i = 0; i < filled; i++) {
        long at = frames * spec.hop() + spec.frameLength();
        frames++;
        span.add(levels[i], at);
        for (Head head : heads) {
          if (head.model.network().completes(frames)) {
            decide(head, head.stream.posteriors(head.taken++), at);
          }
        }
      }
      filled = 0;
    }

    private void decide(Head head, float[] posteriors, long at) {
      sink.posteriors(head.model, origin + at, posteriors);
      for (int word = 0; word < head.triggers.length; word++) {
        if (head.triggers[word].step(posteriors[word], at)) {
          raise(head, word, at);
        }
      }
    }

    void finish() {
      for (Head head : heads) {
        for (int word = 0; word < head.triggers.length; word++) {
          if (head.triggers[word].finish(heard)) {
            raise(head, word, heard);
          }
        }
      }
    }

    private void raise(Head head, int word, long at) {
      Trigger trigger = head.triggers[word];
      span.locate(trigger.climbedAt());
      sink.event(
          new TriggerEvent(
              head.model.name(),
              head.model.words().get(word),
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
      filled = 0;
      frames = 0;
      resampler.reset();
      spectrogram.reset();
      span.reset();
      for (Head head : heads) {
        head.reset();
      }
    }
  }

  /** One model's stream and a trigger for each of its words. */
  private static final class Head {
    private final WakeModel model;
    private final PosteriorStream stream;
    private final Trigger[] triggers;
    private int taken; // steps of the stream's last run that were decided on

    Head(WakeModel model, PosteriorStream stream) {
      this.model = model;
      this.stream = stream;
      triggers = new Trigger[model.words().size()];
      for (int word = 0; word < triggers.length; word++) {
        triggers[word] = new Trigger(model.policy(), model.features().sampleRate());
      }
    }

    void reset() {
      stream.reset();
      for (Trigger trigger : triggers) {
        trigger.reset();
      }
    }
  }
}
