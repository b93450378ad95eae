// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocalTractTest {
  private static final int RATE = 16_000; // Hz
  private static final double PITCH = 125; // Hz

  /** A buzz with a resonance at 1000 Hz. */
  private static float[] vowel() {
    float[] samples = new float[RATE];
    for (int harmonic = 1; harmonic * PITCH < 7000; harmonic++) {
      double away = (harmonic * PITCH - 1000) / 250;
      double amplitude = 0.1 * Math.exp(-away * away / 2) + 0.005;
      for (int i = 0; i < samples.length; i++) {
        samples[i] += (float) (amplitude * Math.sin(2 * Math.PI * harmonic * PITCH * i / RATE));
      }
    }
    return samples;
  }

  /** The power near a frequency, by correlation over the middle half second. */
  private static double power(float[] samples, double frequency) {
    double re = 0;
    double im = 0;
    for (int i = RATE / 4; i < RATE * 3 / 4; i++) {
      re += samples[i] * Math.cos(2 * Math.PI * frequency * i / RATE);
      im += samples[i] * Math.sin(2 * Math.PI * frequency * i / RATE);
    }
    return re * re + im * im;
  }

  private static double centre(float[] samples) {
    double sum = 0;
    double weighted = 0;
    for (int harmonic = 1; harmonic * PITCH < 3000; harmonic++) {
      double power = power(samples, harmonic * PITCH);
      sum += power;
      weighted += power * harmonic * PITCH;
    }
    return weighted / sum;
  }

  @Test
  void aFactorOfOneChangesNothing() {
    float[] vowel = vowel();
    assertArrayEquals(vowel, VocalTract.scaled(vowel, RATE, 1), 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.85, 1.2})
  void theResonanceMovesAndThePitchStays(double factor) {
    float[] moved = VocalTract.scaled(vowel(), RATE, factor);
    assertEquals(RATE, moved.length);
    assertEquals(1000 * factor, centre(moved), 60);
    double between = power(moved, PITCH * 8.5);
    assertEquals(0, between / power(moved, PITCH * 8), 0.01);
  }
}
