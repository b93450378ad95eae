package io.github.rouse.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Noise under the positives. Recordings take turns, a clip each, from a place drawn at random and
 * round again. With voices too, every second clip has babble of {@value #VOICES} of them instead.
 *
 * @param recordings of noise
 * @param voices recordings of speech, for babble
 * @param snr power of a clip's speech over that of the noise, dB
 */
public record Noise(List<Path> recordings, List<Path> voices, double snr) {
  /** Silence. */
  public static final Noise NONE = new Noise(List.of(), List.of(), 0);

  private static final int VOICES = 8;
  private static final double SILENCE = 1e-10; // mean square

  boolean isSilent() {
    return recordings.isEmpty() && voices.isEmpty();
  }

  /**
   * Noise of power 1 for a clip.
   *
   * @param clip its number, from 0
   * @param length samples
   * @param rate Hz
   */
  float[] under(int clip, int length, int rate) throws IOException {
    boolean both = !recordings.isEmpty() && !voices.isEmpty();
    int turn = both ? clip / 2 : clip;
    Random random = new Random(clip);
    float[] noise = new float[length];
    if (recordings.isEmpty() || (both && clip % 2 == 1)) {
      for (int v = 0; v < VOICES; v++) {
        add(voices.get((turn * VOICES + v) % voices.size()), noise, rate, random);
      }
      scale(noise, 1 / Math.sqrt(power(noise, rate)));
    } else {
      add(recordings.get(turn % recordings.size()), noise, rate, random);
    }
    return noise;
  }

  private static void add(Path file, float[] noise, int rate, Random random) throws IOException {
    float[] sound = Recording.samples(file, rate);
    double power = power(sound, rate);
    if (power == 0) {
      throw new IOException(file + ": is silent, and cannot be noise");
    }
    scale(sound, 1 / Math.sqrt(power));
    int offset = random.nextInt(sound.length);
    for (int i = 0; i < noise.length; i++) {
      noise[i] += sound[(offset + i) % sound.length];
    }
  }

  private static void scale(float[] samples, double factor) {
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= (float) factor;
    }
  }

  /** Mean square but for stretches of digital silence, with which recordings are padded. */
  private static double power(float[] samples, int rate) {
    int cell = rate / 100;
    double sum = 0;
    int counted = 0; // samples
    for (int from = 0; from < samples.length; from += cell) {
      int to = Math.min(samples.length, from + cell);
      double energy = 0;
      for (int i = from; i < to; i++) {
        energy += (double) samples[i] * samples[i];
      }
      if (energy > SILENCE * (to - from)) {
        sum += energy;
        counted += to - from;
      }
    }
    return counted == 0 ? 0 : sum / counted;
  }
}
