// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sound of some seconds that a client sent, one channel. */
record ShortSound(float[] samples, int rate) {

  /**
   * Reads an audio file.
   *
   * @throws IllegalArgumentException if it is longer
   */
  static ShortSound read(Path file, double longestSeconds) throws IOException {
    List<float[]> parts = new ArrayList<>();
    int[] length = {0};
    int rate;
    try (AudioFile audio = AudioFile.open(file)) {
      rate = audio.sampleRate();
      audio.play(
          Channel.AUTO,
          (samples, from, count) -> {
            length[0] += count;
            if (length[0] > longestSeconds * rate) {
              throw new IllegalArgumentException("longer than " + longestSeconds + " s");
            }
            parts.add(Arrays.copyOfRange(samples, from, from + count));
          });
    }
    float[] samples = new float[length[0]];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, samples, at, part.length);
      at += part.length;
    }
    return new ShortSound(samples, rate);
  }

  void write(Path file) throws IOException {
    try (WavWriter wav = new WavWriter(file, rate, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
  }
}
