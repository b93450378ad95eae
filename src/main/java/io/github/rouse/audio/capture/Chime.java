// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;

/** Two soft notes, a fourth apart, that confirm a detection. */
public final class Chime implements Closeable {
  private static final double[] NOTES = {659.26, 880.00}; // Hz: E5, A5
  private static final double NOTE_SECONDS = 0.11; // until the next note starts
  private static final double SECONDS = 0.45;
  private static final double DECAY = 0.09; // seconds to 1/e
  private static final double ATTACK = 0.005; // seconds
  private static final double RELEASE = 0.03; // seconds, to end in silence
  private static final double AMPLITUDE = 0.25;
  private static final int RATE = 44100; // Hz, of the loudspeaker

  private final SourceDataLine line;
  private final byte[] sound; // 16 bit, little-endian
  private final AtomicBoolean playing = new AtomicBoolean();
  private final ExecutorService player =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "rouse-chime");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Opens the default loudspeaker.
   *
   * @throws AudioUnavailableException if there is none, or it is busy
   */
  public Chime() throws AudioUnavailableException {
    AudioFormat format = new AudioFormat(RATE, 16, 1, /* signed= */ true, /* bigEndian= */ false);
    try {
      line = AudioSystem.getSourceDataLine(format);
      line.open(format);
    } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
      throw new AudioUnavailableException("no playback device for the chime: " + e.getMessage(), e);
    }
    float[] samples = samples(RATE);
    sound = new byte[2 * samples.length];
    for (int i = 0; i < samples.length; i++) {
      int value = Math.round(samples[i] * 32767);
      sound[2 * i] = (byte) value;
      sound[2 * i + 1] = (byte) (value >> 8);
    }
  }

  /**
   * The chime's samples, to mix into a recording.
   *
   * @param sampleRate Hz
   * @return mono, within [-0.5, 0.5], starting and ending in silence
   */
  public static float[] samples(int sampleRate) {
    if (sampleRate < 4000) {
      throw new IllegalArgumentException(
          "sampleRate=" + sampleRate + ", expected at least 4000 Hz");
    }
    float[] samples = new float[(int) (SECONDS * sampleRate)];
    for (int i = 0; i < samples.length; i++) {
      double seconds = (double) i / sampleRate;
      double value = 0;
      for (int n = 0; n < NOTES.length; n++) {
        double age = seconds - n * NOTE_SECONDS;
        if (age > 0) {
          double envelope = Math.min(1, age / ATTACK) * Math.exp(-age / DECAY);
          double phase = 2 * Math.PI * NOTES[n] * age;
          value += envelope * (Math.sin(phase) + 0.2 * Math.sin(2 * phase));
        }
      }
      double left = (samples.length - 1 - i) / (RELEASE * sampleRate);
      samples[i] = (float) (AMPLITUDE * value * Math.min(1, left));
    }
    return samples;
  }

  /** Plays the chime; returns at once. Does nothing while it is playing. */
  public void play() {
    if (playing.compareAndSet(false, true)) {
      player.execute(
          () -> {
            try {
              line.start();
              line.write(sound, 0, sound.length);
              line.drain();
              line.stop();
            } finally {
              playing.set(false);
            }
          });
    }
  }

  /** Closes the loudspeaker after the current chime; returns at once. */
  @Override
  public void close() {
    player.execute(line::close);
    player.shutdown();
  }
}
