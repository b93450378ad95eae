// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Noise to mix into the positives. Recordings alternate from clip to clip; each starts at a random
 * place and wraps around. With voices as well, every second clip gets babble instead, of {@value
 * #VOICES} voices spread evenly over the list, because a speaker's recordings are adjacent in it.
 *
 * @param recordings of noise
 * @param voices recordings of speech, for babble
 */
public record Noise(List<Recording> recordings, List<Recording> voices) {
  /** No noise. */
  public static final Noise NONE = new Noise(List.of(), List.of());

  private static final int VOICES = 8;
  private static final double SILENCE = 1e-10; // mean square

  boolean isSilent() {
    return recordings.isEmpty() && voices.isEmpty();
  }

  /**
   * Returns noise of power 1 for a clip.
   *
   * @param turn of the clip, from 0
   * @param length samples
   */
  float[] under(int turn, int length, Decoded decoded) throws IOException {
    boolean both = !recordings.isEmpty() && !voices.isEmpty();
    int number = both ? turn / 2 : turn;
    SplittableRandom random = new SplittableRandom(turn);
    if (!recordings.isEmpty() && !(both && turn % 2 == 1)) {
      return stretch(recordings.get(number % recordings.size()), length, decoded, random);
    }
    float[] babble = new float[length];
    for (int v = 0; v < VOICES; v++) {
      Recording voice = voices.get((number + v * voices.size() / VOICES) % voices.size());
      float[] one = stretch(voice, length, decoded, random);
      for (int i = 0; i < length; i++) {
        babble[i] += one[i];
      }
    }
    toPowerOne(babble);
    return babble;
  }

  /** Part of a recording, from a random place, wrapped around and scaled to power 1. */
  private static float[] stretch(
      Recording recording, int length, Decoded decoded, SplittableRandom random)
      throws IOException {
    float[] sound = decoded.get(recording);
    int offset = random.nextInt(sound.length);
    float[] stretch = new float[length];
    for (int i = 0; i < length; i++) {
      stretch[i] = sound[(offset + i) % sound.length];
    }
    toPowerOne(stretch);
    return stretch;
  }

  private static void toPowerOne(float[] samples) {
    double energy = 0;
    for (float sample : samples) {
      energy += (double) sample * sample;
    }
    float factor = (float) Math.sqrt(samples.length / energy);
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= factor;
    }
  }

  /**
   * Decodes noise files and removes digital silence, with which recordings are padded. Caches the
   * files decoded first.
   */
  static final class Decoded {
    private static final int MAX_SAMPLES = 64 << 20; // samples cached, 256 MB: an hour at 16 kHz
    private final int rate; // Hz
    private final Map<Recording, float[]> cached = new HashMap<>();
    private int cachedSamples;

    Decoded(int rate) {
      this.rate = rate;
    }

    float[] get(Recording recording) throws IOException {
      float[] sound = cached.get(recording);
      if (sound == null) {
        sound = withoutSilence(recording.samples(rate));
        if (sound.length == 0) {
          throw new IOException(recording.file() + ": is silent, so it cannot be noise");
        }
        if (sound.length <= MAX_SAMPLES - cachedSamples) {
          cached.put(recording, sound);
          cachedSamples += sound.length;
        }
      }
      return sound;
    }

    private float[] withoutSilence(float[] sound) {
      int cell = rate / 100;
      int left = 0;
      for (int from = 0; from < sound.length; from += cell) {
        int length = Math.min(sound.length - from, cell);
        double energy = 0;
        for (int i = from; i < from + length; i++) {
          energy += (double) sound[i] * sound[i];
        }
        if (energy > SILENCE * length) {
          System.arraycopy(sound, from, sound, left, length);
          left += length;
        }
      }
      return Arrays.copyOf(sound, left);
    }
  }
}
