// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Sound without the word. A second of low noise separates the files, because splicing two files
 * directly can create a sound that nobody spoke.
 *
 * @param rate to play at, Hz
 */
record NegativeStream(List<Recording> recordings, int rate) implements EvaluationStream {
  private static final long BYTES = 4 << 20; // of files per stream; a few minutes if compressed

  /** Groups recordings into streams of one slice each, by their order and sizes alone. */
  static List<NegativeStream> of(List<Recording> recordings, int rate) throws IOException {
    List<NegativeStream> streams = new ArrayList<>();
    List<Recording> open = new ArrayList<>();
    long bytes = 0;
    for (Recording recording : recordings) {
      if (!open.isEmpty() && (bytes > BYTES || !open.get(0).slice().equals(recording.slice()))) {
        streams.add(new NegativeStream(List.copyOf(open), rate));
        open.clear();
        bytes = 0;
      }
      open.add(recording);
      bytes += Files.size(recording.file());
    }
    if (!open.isEmpty()) {
      streams.add(new NegativeStream(List.copyOf(open), rate));
    }
    return streams;
  }

  @Override
  public void play(SampleSink sink, Consumer<Span> played, Problems problems) throws IOException {
    Random random = new Random(1);
    long[] position = new long[1];
    for (Recording recording : recordings) {
      if (position[0] > 0) {
        float[] gap = EvaluationStream.gap(random, rate);
        sink.accept(gap, 0, gap.length);
        position[0] += gap.length;
      }
      long start = position[0];
      SampleSink counted =
          (samples, from, length) -> {
            position[0] += length;
            sink.accept(samples, from, length);
          };
      try {
        recording.play(rate, counted);
      } catch (IOException e) {
        problems.unreadable(e);
      }
      played.accept(new Span(recording, start, position[0], start, position[0]));
    }
  }
}
