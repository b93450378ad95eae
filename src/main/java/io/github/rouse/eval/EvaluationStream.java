package io.github.rouse.eval;

import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.util.Random;
import java.util.function.Consumer;

/** Recordings played one after another as one stream, each time the same. */
interface EvaluationStream {
  /** Of low noise from one recording to the next. */
  int GAP_SECONDS = 1;

  /** Root of the mean square of that noise: -70 dB. */
  float GAP_LEVEL = 3e-4f;

  /**
   * Where in the stream a recording was played; samples.
   *
   * @param start its first
   * @param end the one after its last
   * @param speechStart where the word begins, by energy; {@code start} if it holds no single word
   * @param speechEnd where it ends
   */
  record Span(Recording recording, long start, long end, long speechStart, long speechEnd) {}

  /** Told of recordings that cannot be read to their end. */
  interface Problems {
    /** If this returns, the rest is played. */
    void unreadable(IOException problem) throws IOException;
  }

  /**
   * Plays all of it.
   *
   * @param sink takes the samples
   * @param played told of each recording when it has been played
   */
  void play(SampleSink sink, Consumer<Span> played, Problems problems) throws IOException;

  /** A gap's low noise, in samples. */
  static float[] gap(Random random, int rate) {
    float[] gap = new float[GAP_SECONDS * rate];
    for (int i = 0; i < gap.length; i++) {
      gap[i] = GAP_LEVEL * (float) random.nextGaussian();
    }
    return gap;
  }
}
