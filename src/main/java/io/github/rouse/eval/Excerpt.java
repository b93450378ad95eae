// SPDX-License-Identifier: Apache-2.0
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

/**
 * Part of a stream: its samples, and the posteriors of a model that has processed the stream from
 * its start.
 */
public final class Excerpt {
  private final int rate; // Hz
  private final long from; // first sample, in the stream
  private final float[] samples; // until the stream ends
  private final List<Posterior> posteriors = new ArrayList<>();
  private int filled; // samples

  /**
   * One posterior.
   *
   * @param second since the excerpt's start
   */
  public record Posterior(double second, double posterior) {}

  /** Creates an empty excerpt. */
  private Excerpt(int rate, long from, long to) {
    this.rate = rate;
    this.from = from;
    samples = new float[(int) (to - from)];
  }

  /** Bounds of an excerpt in the stream, samples. */
  record Bounds(long from, long to) {}

  /**
   * Plays a stream again and cuts excerpts from it.
   *
   * @param word index of the word whose posteriors are kept
   */
  static List<Excerpt> of(
      EvaluationStream stream,
      EvaluationStream.Problems problems,
      WakeModel model,
      int word,
      List<Bounds> bounds)
      throws IOException {
    int rate = model.features().sampleRate();
    List<Excerpt> excerpts =
        bounds.stream().map(b -> new Excerpt(rate, Math.max(0, b.from), b.to)).toList();
    DetectionHandler kept =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            // The evaluation has the events.
          }

          @Override
          public void posteriors(WakeModel unused, long at, float[] values) {
            excerpts.forEach(e -> e.step(at, values[word]));
          }
        };
    long[] played = new long[1];
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, kept)) {
      SampleSink both =
          (sound, from, length) -> {
            excerpts.forEach(e -> e.keep(sound, from, length, played[0]));
            played[0] += length;
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
      posteriors.add(new Posterior(seconds(at), posterior));
    }
  }

  /** Converts a sample of the stream to seconds since the excerpt's start. */
  public double seconds(long at) {
    return (double) (at - from) / rate;
  }

  /** Length, seconds. */
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

  public List<Posterior> posteriors() {
    return posteriors;
  }

  public void writeWav(Path file) throws IOException {
    try (WavWriter wav = new WavWriter(file, rate, 1)) {
      wav.write(samples, 0, filled);
      wav.commit();
    }
  }
}
