// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file of an evaluation.
 *
 * @param file of which the first channel that is not silent is used
 * @param slice named part of the data that is also reported separately
 */
public record Recording(Path file, String slice) {
  /**
   * Plays a file at a rate in Hz.
   *
   * @throws IOException if the file cannot be read to its end, or holds no sound
   */
  static void play(Path file, int rate, SampleSink sink) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      play(audio, Channel.AUTO, rate, sink);
    }
  }

  /**
   * Plays the rest of a file at a rate in Hz.
   *
   * @throws IOException if the file cannot be read to its end, or holds no sound
   */
  static void play(AudioFile audio, Channel channel, int rate, SampleSink sink) throws IOException {
    long[] played = new long[1]; // samples
    Resampler resampler = new Resampler(audio.sampleRate(), rate);
    audio.play(
        channel,
        (samples, from, n) -> {
          played[0] += n;
          resampler.accept(samples, from, n, sink);
        });
    resampler.finish(sink);
    if (played[0] == 0) {
      throw new AudioFormatException(audio.name(), "holds no sound");
    }
  }

  /** Returns all samples that {@link #play} would deliver. */
  static float[] samples(Path file, int rate) throws IOException {
    List<float[]> pieces = new ArrayList<>();
    play(file, rate, (s, from, n) -> pieces.add(Arrays.copyOfRange(s, from, from + n)));
    float[] all = new float[pieces.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }
}
