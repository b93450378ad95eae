// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.Sounds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  /** Output for an input split into random pieces. */
  private static float[] resampled(float[] in, int from, int to, int longest, long seed) {
    Resampler resampler = new Resampler(from, to);
    float[] out = new float[(int) ((long) in.length * to / from) + 100];
    int[] length = {0};
    SampleSink sink =
        (samples, at, n) -> {
          System.arraycopy(samples, at, out, length[0], n);
          length[0] += n;
        };
    Random random = new Random(seed);
    for (int at = 0; at < in.length; ) {
      int n = Math.min(in.length - at, 1 + random.nextInt(longest));
      resampler.accept(in, at, n, sink);
      at += n;
    }
    resampler.finish(sink);
    return Arrays.copyOf(out, length[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "16000,44100",
    "48000,44100",
    "44100,48000",
    "8000,16000",
    "192000,16000"
  })
  void tonesBelowEightTenthsOfTheLowerNyquistRateKeepTheirLevel(int from, int to) {
    double worst = 0;
    for (double part : new double[] {0.01, 0.1, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8}) {
      double hertz = part * Math.min(from, to) / 2;
      float[] out = resampled(Sounds.tone(hertz, from, from, 0.5), from, to, 5000, 1);
      double gain = Sounds.decibels(Sounds.amplitude(out, to / 4, to * 3 / 4, hertz, to) / 0.5);
      worst = Math.max(worst, Math.abs(gain));
    }
    assertTrue(worst < 0.5, "ripple=" + worst + " dB");
  }

  @ParameterizedTest
  @CsvSource({
    "10000,44100,16000",
    "9500,44100,16000",
    "15000,44100,16000",
    "21000,44100,16000",
    "10000,192000,16000",
    "50000,192000,16000",
    "23500,48000,44100"
  })
  void tonesAboveTheNewNyquistAreDownBySixtyDecibels(int hertz, int from, int to) {
    float[] out = resampled(Sounds.tone(hertz, from, from, 1), from, to, 5000, 1);
    double peak = 0;
    for (int i = to / 4; i < to * 3 / 4; i++) {
      peak = Math.max(peak, Math.abs(out[i]));
    }
    assertTrue(Sounds.decibels(peak) < -60, "left=" + Sounds.decibels(peak) + " dB");
  }

  @ParameterizedTest
  @CsvSource({"16000,44100", "8000,16000", "44100,48000"})
  void imagesAboveTheOldNyquistAreDownBySixtyDecibels(int from, int to) {
    double hertz = 0.7 * from / 2;
    float[] out = resampled(Sounds.tone(hertz, from, from, 1), from, to, 5000, 1);
    double image = Sounds.amplitude(out, to / 4, to * 3 / 4, from - hertz, to);
    assertTrue(Sounds.decibels(image) < -60, "image=" + Sounds.decibels(image) + " dB");
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "16000,44100", "48000,44100", "8000,16000", "192000,16000"})
  void sampleKIsTheSignalAtTimeKOverTheRate(int from, int to) {
    double hertz = 440.5;
    float[] out = resampled(Sounds.tone(hertz, from, from, 0.5), from, to, 999, 2);
    assertEquals(to, out.length);
    float[] expected = Sounds.tone(hertz, to, to, 0.5);
    for (int i = to / 50; i < to - to / 50; i++) {
      assertEquals(
          expected[i], out[i], 0.002, "sample " + i); // a shift of 0.5 samples gives 0.03 or more
    }
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "16000,44100", "192000,16000"})
  void theOutputDoesNotDependOnChunking(int from, int to) {
    float[] noise = new float[30_000];
    Random random = new Random(7);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat() * 2 - 1;
    }
    float[] whole = resampled(noise, from, to, Integer.MAX_VALUE - 1, 0);
    for (int longest : new int[] {1, 7, 160, 4096}) {
      assertArrayEquals(whole, resampled(noise, from, to, longest, longest), "cut=" + longest);
    }
  }

  @Test
  void tenMinutesDoNotDrift() {
    int from = 44100;
    int to = 16000;
    Resampler resampler = new Resampler(from, to);
    float[] second = new float[from];
    float[] last = new float[2 * to];
    long[] total = {0};
    SampleSink sink =
        (samples, at, n) -> {
          for (int i = 0; i < n; i++) {
            last[(int) (total[0]++ % last.length)] = samples[at + i];
          }
        };
    for (int s = 0; s < 600; s++) {
      for (int i = 0; i < from; i++) {
        second[i] = (float) (0.5 * Math.sin(2 * Math.PI * 1000.25 * (s + (double) i / from)));
      }
      resampler.accept(second, 0, from, sink);
    }
    resampler.finish(sink);
    assertEquals(600L * to, total[0]);
    for (long k = total[0] - to; k < total[0] - 200; k++) {
      double expected = 0.5 * Math.sin(2 * Math.PI * 1000.25 * k / to);
      assertEquals(expected, last[(int) (k % last.length)], 0.002, "sample " + k);
    }
  }

  @Test
  void equalRatesPassSamplesThroughUnchanged() {
    float[] samples = {1, 2, 3, 4};
    Resampler resampler = new Resampler(16000, 16000);
    int[] calls = {0};
    resampler.accept(
        samples,
        1,
        2,
        (same, from, length) -> {
          assertSame(samples, same);
          assertEquals(1, from);
          assertEquals(2, length);
          calls[0]++;
        });
    assertEquals(1, calls[0]);
  }

  @Test
  void resetStartsANewStream() {
    float[] tone = Sounds.tone(1000, 44100, 4410, 0.5);
    Resampler resampler = new Resampler(44100, 16000);
    float[] first = new float[2000];
    float[] second = new float[2000];
    for (float[] out : new float[][] {first, second}) {
      int[] at = {0};
      resampler.accept(
          tone,
          0,
          4400,
          (samples, from, n) -> {
            System.arraycopy(samples, from, out, at[0], n);
            at[0] += n;
          });
      assertTrue(at[0] > 1500, "samples=" + at[0]);
      resampler.reset();
    }
    assertArrayEquals(first, second);
  }

  @Test
  void ratesMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> new Resampler(0, 16000));
    assertThrows(IllegalArgumentException.class, () -> new Resampler(16000, -1));
  }
}
