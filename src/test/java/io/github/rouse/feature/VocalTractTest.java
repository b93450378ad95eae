// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertArrayEquals(vowel, new VocalTract(RATE).scaled(vowel, 1), 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.85, 1.2})
  void theResonanceMovesAndThePitchStays(double factor) {
    float[] moved = new VocalTract(RATE).scaled(vowel(), factor);
    assertEquals(RATE, moved.length);
    assertEquals(1000 * factor, centre(moved), 60);
    double between = power(moved, PITCH * 8.5);
    assertEquals(0, between / power(moved, PITCH * 8), 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "16000,16000,1.13",
    "16000,16001,0.8",
    "16000,100,1.3",
    "16000,1,1.1",
    "44100,30000,1.2",
    "8000,9000,0.9",
    "1000,2000,0.9"
  })
  void theResultIsThatOfJTransforms(int rate, int length, double factor) {
    float[] samples = speechLike(length);
    VocalTract tract = new VocalTract(rate);
    double[] expected = reference(samples, rate, factor);
    for (int time = 0; time < 2; time++) { // nothing is left of the first sound
      float[] actual = tract.scaled(samples, factor);
      assertEquals(length, actual.length);
      for (int i = 0; i < length; i++) {
        assertEquals(expected[i], actual[i], 2e-6, rate + " Hz: " + i);
      }
    }
  }

  /** Noise of 60 dB less treble than bass, in bursts. */
  private static float[] speechLike(int length) {
    Random random = new Random(5);
    float[] samples = new float[length];
    double first = 0;
    double second = 0;
    for (int i = 0; i < length; i++) {
      first += 0.1 * (random.nextGaussian() - first);
      second += 0.1 * (first - second);
      samples[i] = (float) (i / 3000 % 3 == 2 ? 0 : second);
    }
    return samples;
  }

  /** One frame at a time, in doubles. */
  private static double[] reference(float[] samples, int rate, double factor) {
    int length = Integer.highestOneBit((int) (2 * 0.032 * rate) - 1);
    int bins = length / 2 + 1;
    int halfWidth = Math.max(1, (int) (250.0 * length / rate / 2));
    DoubleFFT_1D fft = new DoubleFFT_1D(length);
    double[] out = new double[samples.length];
    for (int at = -length / 2; at < samples.length; at += length / 2) {
      double[] frame = new double[length];
      for (int i = 0; i < length; i++) {
        boolean inside = at + i >= 0 && at + i < samples.length;
        frame[i] = inside ? Math.sin(Math.PI * (i + 0.5) / length) * samples[at + i] : 0;
      }
      fft.realForward(frame);
      double[] power = new double[bins];
      for (int k = 1; k < bins - 1; k++) {
        power[k] = Math.pow(Math.hypot(frame[2 * k], frame[2 * k + 1]), 2);
      }
      power[0] = frame[0] * frame[0];
      power[bins - 1] = frame[1] * frame[1];
      double[] envelope = smoothed(smoothed(power, halfWidth), halfWidth);
      for (int k = 1; k < bins - 1; k++) {
        double source = Math.min(k / factor, bins - 2);
        int below = (int) source;
        double moved = envelope[below] + (source - below) * (envelope[below + 1] - envelope[below]);
        double gain = Math.min(10, Math.sqrt(moved / envelope[k]));
        frame[2 * k] *= gain;
        frame[2 * k + 1] *= gain;
      }
      fft.realInverse(frame, true);
      for (int i = Math.max(0, -at); i < Math.min(length, samples.length - at); i++) {
        out[at + i] += Math.sin(Math.PI * (i + 0.5) / length) * frame[i];
      }
    }
    return out;
  }

  private static double[] smoothed(double[] x, int halfWidth) {
    double[] y = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      for (int i = Math.max(0, k - halfWidth); i <= Math.min(x.length - 1, k + halfWidth); i++) {
        y[k] += x[i] / (2 * halfWidth + 1);
      }
      y[k] += 1e-12;
    }
    return y;
  }
}
