// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeechBoundsTest {
  private static final int RATE = 16_000;

  /** Three seconds of noise, -60 dB, with a word of -20 dB from 1.2 to 1.8 s. */
  private static float[] recording() {
    Random random = new Random(1);
    float[] samples = new float[3 * RATE];
    for (int i = 0; i < samples.length; i++) {
      boolean speech = i >= 1.2 * RATE && i < 1.8 * RATE;
      samples[i] = (float) ((speech ? 0.1 : 0.001) * random.nextGaussian());
    }
    return samples;
  }

  private static void assertFound(float[] samples) {
    SpeechBounds bounds = SpeechBounds.of(samples, RATE);
    assertEquals(1.2, (double) bounds.start() / RATE, 0.021);
    assertEquals(1.8, (double) bounds.end() / RATE, 0.021);
  }

  @Test
  void aWordIsFoundInNoise() {
    assertFound(recording());
  }

  @Test
  void digitalSilenceIsNotTheFloor() {
    float[] samples = recording();
    java.util.Arrays.fill(samples, 0, RATE / 2, 0f);
    java.util.Arrays.fill(samples, 5 * RATE / 2, samples.length, 0f);
    assertFound(samples);
  }

  @Test
  void aLouderClickIsIgnored() {
    float[] samples = recording();
    for (int i = 0; i < RATE / 100; i++) {
      samples[RATE / 2 + i] = i % 2 == 0 ? 0.9f : -0.9f;
    }
    assertFound(samples);
  }

  @Test
  void loudRumbleIsIgnored() {
    float[] samples = recording();
    for (int i = 0; i < samples.length; i++) {
      samples[i] += (float) (0.8 * Math.sin(2 * Math.PI * 20 * i / RATE));
    }
    assertFound(samples);
  }
}
