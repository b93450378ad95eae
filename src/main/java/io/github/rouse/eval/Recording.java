package io.github.rouse.eval;

import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.tarsos.Resampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file to evaluate on.
 *
 * @param file the first channel of it
 * @param slice what it is counted with, besides the whole
 */
public record Recording(Path file, String slice) {
  /**
   * Plays a file at a rate, Hz.
   *
   * @throws IOException if it cannot be read to its end, or holds no sound
   */
  static void play(Path file, int rate, SampleSink sink) throws IOException {
    long[] heard = new long[1]; // samples
    try (AudioFile audio = AudioFile.open(file)) {
      Resampler resampler = new Resampler(audio.sampleRate(), rate);
      Rouse.scan(
          audio,
          Channel.FIRST,
          (samples, from, n) -> {
            heard[0] += n;
            resampler.accept(samples, from, n, sink);
          });
      resampler.finish(sink);
    }
    if (heard[0] == 0) {
      throw new AudioFormatException(file.toString(), "holds no sound");
    }
  }

  /** All samples of a file at a rate, Hz, as {@link #play} does. */
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
