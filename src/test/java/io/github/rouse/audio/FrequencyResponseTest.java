// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Impulses at all phases give the impulse response at the least common multiple of the rates. Its
 * discrete Fourier transform shows what aliases and images remain. Decision 024 has the printed
 * values.
 */
class FrequencyResponseTest {
  private static final int POINTS = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "48000,16000",
    "32000,16000",
    "22050,16000",
    "11025,16000",
    "8000,16000",
    "96000,16000",
    "16000,8000",
    "16000,44100",
    "48000,44100"
  })
  void theStopBandIsDownByAHundredDecibelsAndThePassBandFlat(int from, int to) {
    int divisor = gcd(from, to);
    int up = to / divisor;
    int down = from / divisor;
    double[] spectrum = impulseResponse(from, to, up, down);
    new DoubleFFT_1D(POINTS).realForward(spectrum);
    double rate = (double) up * from;
    double nyquist = Math.min(from, to) / 2.0;
    double ripple = 0; // dB
    double left = 0;
    for (int k = 1; k < POINTS / 2; k++) {
      double gain = Math.hypot(spectrum[2 * k], spectrum[2 * k + 1]) / up;
      double hertz = k * rate / POINTS;
      if (hertz <= 0.9 * nyquist) {
        ripple = Math.max(ripple, Math.abs(Sounds.decibels(gain)));
      } else if (hertz >= nyquist) {
        left = Math.max(left, gain);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d -> %d: flat to %.0f Hz within %.5f dB, from %.0f Hz down by %.1f dB%n",
        from,
        to,
        0.9 * nyquist,
        ripple,
        nyquist,
        -Sounds.decibels(left));
    assertEquals(1, spectrum[0] / up, 1e-6);
    assertTrue(ripple <= 0.05, "ripple=" + ripple + " dB");
    assertTrue(Sounds.decibels(left) <= -100, "left=" + Sounds.decibels(left) + " dB");
  }

  /** Centred on index 0, so that a symmetric response has a real spectrum. */
  private static double[] impulseResponse(int from, int to, int up, int down) {
    double[] response = new double[POINTS];
    Resampler resampler = new Resampler(from, to);
    int before = 100 + 100 * Math.max(1, down / up); // inputs, more than the filter looks back
    for (int n = before; n < before + down; n++) { // each phase once
      float[] impulse = new float[n + before];
      impulse[n] = 1;
      long[] at = {-(long) n * up}; // time since the impulse, in inputs / up
      SampleSink sink =
          (samples, first, length) -> {
            for (int i = first; i < first + length; i++, at[0] += down) {
              if (samples[i] != 0) {
                response[(int) Math.floorMod(at[0], (long) POINTS)] += samples[i];
              }
            }
          };
      resampler.accept(impulse, 0, impulse.length, sink);
      resampler.finish(sink);
    }
    for (int i = 1; i < POINTS / 2; i++) { // linear phase, and no delay
      assertEquals(response[i], response[POINTS - i], 1e-7);
    }
    return response;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
