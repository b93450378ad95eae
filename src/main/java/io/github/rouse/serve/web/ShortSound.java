// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.nio.file.Path;

/** One channel of a sound of some seconds, which a client sent. */
record ShortSound(float[] samples, int rate) {

  /**
   * Reads an audio file.
   *
   * @throws IllegalArgumentException if it is longer
   */
  static ShortSound read(Path file, double longestSeconds) throws IOException {
    SampleCollector sound = new SampleCollector();
    try (AudioFile audio = AudioFile.open(file)) {
      int rate = audio.sampleRate();
      audio.play(
          Channel.AUTO,
          (samples, from, count) -> {
            sound.accept(samples, from, count);
            if (sound.length() > longestSeconds * rate) {
              throw new IllegalArgumentException("longer than " + longestSeconds + " s");
            }
          });
      return new ShortSound(sound.samples(), rate);
    }
  }

  void write(Path file) throws IOException {
    try (WavWriter wav = new WavWriter(file, rate, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
  }
}
