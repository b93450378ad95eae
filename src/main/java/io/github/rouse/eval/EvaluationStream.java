// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Plays recordings one after another as one stream, identical each time. */
interface EvaluationStream {
  /** Low noise between recordings. */
  int GAP_SECONDS = 1;

  /** RMS level of that noise: -70 dB. */
  float GAP_LEVEL = 3e-4f;

  /**
   * Place of a recording in the stream, samples.
   *
   * @param start first sample
   * @param end sample after the last
   * @param speechStart start of the word, by energy; {@code start} if there is no single word
   * @param speechEnd end of the word
   */
  record Span(Recording recording, long start, long end, long speechStart, long speechEnd) {}

  /** Receives recordings that cannot be read to their end. */
  interface Problems {
    /** If this returns, the other recordings are played. */
    void unreadable(IOException problem) throws IOException;
  }

  /** What it plays, in order. */
  List<Recording> recordings();

  /**
   * Plays all recordings.
   *
   * @param sink receives the samples
   * @param played receives each recording after it is played
   */
  void play(SampleSink sink, Consumer<Span> played, Problems problems) throws IOException;

  /** The noise of one gap. */
  static float[] gap(Random random, int rate) {
    float[] gap = new float[GAP_SECONDS * rate];
    for (int i = 0; i < gap.length; i++) {
      gap[i] = GAP_LEVEL * (float) random.nextGaussian();
    }
    return gap;
  }
}
