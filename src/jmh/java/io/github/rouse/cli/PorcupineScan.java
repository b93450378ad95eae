// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import ai.picovoice.porcupine.Porcupine;
import java.io.BufferedInputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Detects a word in a WAV file (16 kHz, mono, 16 bits) with Porcupine 1.9.2, which needs no key.
 * The baseline of {@code src/test/scripts/against-porcupine}.
 */
public final class PorcupineScan {
  private PorcupineScan() {}

  /** Prints the time of each detection, seconds. Arguments: word, file. */
  public static void main(String[] args) throws Exception {
    Porcupine porcupine = new Porcupine.Builder().setKeyword(args[0]).setSensitivity(0.5f).build();
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(new File(args[1]));
        BufferedInputStream in = new BufferedInputStream(audio)) {
      if (audio.getFormat().getSampleRate() != porcupine.getSampleRate()
          || audio.getFormat().getFrameSize() != Short.BYTES) {
        throw new IllegalArgumentException(args[1] + ": " + audio.getFormat());
      }
      byte[] bytes = new byte[porcupine.getFrameLength() * Short.BYTES];
      short[] frame = new short[porcupine.getFrameLength()];
      for (long frames = 0; in.readNBytes(bytes, 0, bytes.length) == bytes.length; frames++) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(frame);
        if (porcupine.process(frame) >= 0) {
          double at = (double) (frames + 1) * frame.length / porcupine.getSampleRate();
          System.out.printf(Locale.ROOT, "%.2f s  %s%n", at, args[0]);
        }
      }
    } finally {
      porcupine.delete();
    }
  }
}
