// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleFormat;
import java.io.IOException;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;

/** Plays a file on the default loudspeaker. */
public final class Playback {
  private Playback() {}

  /**
   * Plays one channel of a file to its end.
   *
   * @throws AudioUnavailableException if there is no loudspeaker, or it is busy
   * @throws IOException if the file cannot be read
   */
  public static void play(Path file) throws IOException {
    try (AudioFile audio = AudioFile.open(file);
        SourceDataLine line = open(audio.sampleRate())) {
      line.start();
      audio.play(
          Channel.AUTO,
          (samples, from, length) -> {
            byte[] pcm = new byte[2 * length];
            for (int i = 0; i < length; i++) {
              short value = SampleFormat.toSixteenBits(samples[from + i]);
              pcm[2 * i] = (byte) value;
              pcm[2 * i + 1] = (byte) (value >> 8);
            }
            line.write(pcm, 0, pcm.length);
          });
      line.drain();
    }
  }

  private static SourceDataLine open(int sampleRate) throws AudioUnavailableException {
    AudioFormat format =
        new AudioFormat(sampleRate, 16, 1, /* signed= */ true, /* bigEndian= */ false);
    try {
      SourceDataLine line = AudioSystem.getSourceDataLine(format);
      line.open(format);
      return line;
    } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
      throw new AudioUnavailableException("no playback device: " + e.getMessage(), e);
    }
  }
}
