package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A stretch of a stream: what was played, and what a model that heard all before made of it. */
public final class Excerpt {
  private final int rate; // Hz
  private final long from; // sample of the stream
  private final float[] samples; // until the stream ends
  private final List<Step> steps = new ArrayList<>();
  private int filled; // samples

  /**
   * A posterior.
   *
   * @param second since the excerpt's start
   */
  public record Step(double second, double posterior) {}

  /** A stretch to be heard. */
  private Excerpt(int rate, long from, long to) {
    this.rate = rate;
    this.from = from;
    samples = new float[(int) (to - from)];
  }

  /** Where an excerpt is to begin and to end, samples. */
  record Window(long from, long to) {}

  /**
   * Hears a stream once more.
   *
   * @param word index of the word whose posterior is kept
   */
  static List<Excerpt> of(
      EvaluationStream stream,
      EvaluationStream.Problems problems,
      WakeModel model,
      int word,
      List<Window> windows)
      throws IOException {
    int rate = model.features().sampleRate();
    List<Excerpt> excerpts =
        windows.stream().map(w -> new Excerpt(rate, Math.max(0, w.from), w.to)).toList();
    DetectionHandler posteriors =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            // They are known.
          }

          @Override
          public void posteriors(WakeModel unused, long at, float[] values) {
            excerpts.forEach(e -> e.step(at, values[word]));
          }
        };
    long[] heard = new long[1];
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, posteriors)) {
      SampleSink both =
          (sound, from, length) -> {
            excerpts.forEach(e -> e.keep(sound, from, length, heard[0]));
            heard[0] += length;
            detector.accept(sound, from, length);
          };
      stream.play(both, span -> {}, problems);
    }
    return excerpts;
  }

  private void keep(float[] sound, int first, int length, long at) {
    long start = Math.max(at, from);
    long end = Math.min(at + length, from + samples.length);
    if (start < end) {
      System.arraycopy(
          sound, (int) (first + start - at), samples, (int) (start - from), (int) (end - start));
      filled = (int) (end - from);
    }
  }

  private void step(long at, float posterior) {
    if (at >= from && at < from + samples.length) {
      steps.add(new Step(seconds(at), posterior));
    }
  }

  /** A sample of the stream, as seconds since the excerpt's start. */
  public double seconds(long at) {
    return (double) (at - from) / rate;
  }

  /** How long it is. */
  public double seconds() {
    return (double) filled / rate;
  }

  public int rate() {
    return rate;
  }

  /** The samples, up to the stream's end. */
  public float[] samples() {
    return java.util.Arrays.copyOf(samples, filled);
  }

  public List<Step> steps() {
    return steps;
  }

  public void writeWav(Path file) throws IOException {
    try (WavWriter wav = new WavWriter(file, rate, 1)) {
      wav.write(samples, 0, filled);
      wav.commit();
    }
  }
}
