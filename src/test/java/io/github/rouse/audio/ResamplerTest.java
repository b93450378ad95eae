// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
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
    "48000,16000",
    "32000,16000",
    "22050,16000",
    "11025,16000",
    "8000,16000",
    "96000,16000",
    "16000,44100",
    "8000,44100",
    "48000,44100",
    "44100,48000",
    "16000,8000",
    "192000,16000"
  })
  void tonesUpToNineTenthsOfTheLowerNyquistFrequencyKeepLevelAndTime(int from, int to) {
    for (double part : new double[] {0.001, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9}) {
      assertTone(part * Math.min(from, to) / 2, from, to);
    }
  }

  @ParameterizedTest
  @CsvSource({"44101,16000", "16000,44101", "48000,47952", "22254,16000"})
  void ratiosOfLargeNumbersKeepTonesUpToFourFifths(int from, int to) {
    for (double part : new double[] {0.001, 0.1, 0.3, 0.5, 0.7, 0.75, 0.8}) {
      assertTone(part * Math.min(from, to) / 2, from, to);
    }
  }

  /** Output sample k is the signal at time k / to; a shift of 0.001 samples would show. */
  private static void assertTone(double hertz, int from, int to) {
    float[] out = resampled(Sounds.tone(hertz, from, from, 0.5), from, to, 5000, 1);
    assertEquals(to, out.length);
    float[] expected = Sounds.tone(hertz, to, to, 0.5);
    double worst = 0;
    for (int i = to / 50; i < to - to / 50; i++) {
      worst = Math.max(worst, Math.abs(out[i] - expected[i]) / 0.5);
    }
    assertTrue(worst < 1e-5, hertz + " Hz: " + Sounds.decibels(worst) + " dB off");
  }

  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "48000,16000",
    "32000,16000",
    "22050,16000",
    "96000,16000",
    "192000,16000",
    "48000,44100",
    "16000,8000",
    "44101,16000",
    "48000,47952",
    "22254,16000"
  })
  void tonesAboveTheNewNyquistFrequencyAreDownByAHundredDecibels(int from, int to) {
    for (double part : new double[] {0, 0.01, 0.1, 0.3, 0.5, 0.8, 0.99}) {
      double hertz = to / 2.0 + part * (from - to) / 2;
      float[] out = resampled(Sounds.tone(hertz, from, from, 1), from, to, 5000, 1);
      double peak = 0;
      for (int i = to / 4; i < to * 3 / 4; i++) {
        peak = Math.max(peak, Math.abs(out[i]));
      }
      assertTrue(peak < 1e-5, hertz + " Hz: " + Sounds.decibels(peak) + " dB left");
    }
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "48000,16000", "8000,16000", "16000,44100", "44101,16000"})
  void aChirpArrivesAsThatChirp(int from, int to) {
    double top = 0.8 * Math.min(from, to) / 2; // Hz, after one second
    float[] in = new float[from];
    for (int i = 0; i < from; i++) {
      in[i] = chirp((double) i / from, top);
    }
    float[] out = resampled(in, from, to, 999, 3);
    for (int i = to / 50; i < to - to / 50; i++) {
      assertEquals(chirp((double) i / to, top), out[i], 1e-5, "sample " + i);
    }
  }

  private static float chirp(double seconds, double top) {
    return (float) (0.5 * Math.sin(Math.PI * top * seconds * seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "48000,16000",
    "8000,16000",
    "16000,44100",
    "192000,16000",
    "44101,16000",
    "16000,44101"
  })
  void theOutputDoesNotDependOnChunking(int from, int to) {
    float[] noise = noise(30_000);
    float[] whole = resampled(noise, from, to, Integer.MAX_VALUE - 1, 0);
    for (int longest : new int[] {1, 7, 160, 4096}) {
      assertArrayEquals(whole, resampled(noise, from, to, longest, longest), "cut=" + longest);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "48000,16000",
    "8000,16000",
    "16000,44100",
    "44101,16000",
    "10,1000",
    "384000,8000"
  })
  void theEndSoundsAsIfSilenceFollowed(int from, int to) {
    for (int length : new int[] {0, 1, 2, 3, 100, 441, 1000, 12_345}) {
      float[] noise = noise(length);
      float[] longer = resampled(Arrays.copyOf(noise, length + 3 * from), from, to, 777, 4);
      int total = (int) (((long) length * to + from - 1) / from);
      float[] expected = Arrays.copyOf(longer, total);
      assertArrayEquals(expected, resampled(noise, from, to, 777, 5), "length=" + length);
    }
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "8000,16000", "44101,16000"})
  void silenceStaysSilence(int from, int to) {
    float[] out = resampled(new float[from], from, to, 999, 6);
    assertArrayEquals(new float[to], out); // tells -0 from 0
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "16000,44100", "44101,16000"})
  void constantsStayConstant(int from, int to) {
    float[] in = new float[from];
    Arrays.fill(in, 0.25f);
    float[] out = resampled(in, from, to, 999, 6);
    for (int i = to / 50; i < to - to / 50; i++) {
      assertEquals(0.25f, out[i], 1e-6f);
    }
  }

  @ParameterizedTest
  @CsvSource({"44100,16000", "16000,44100", "44101,16000"})
  void callsAllocateNothing(int from, int to) {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Resampler resampler = new Resampler(from, to);
    float[] noise = noise(from);
    SampleSink sink = (samples, at, n) -> {};
    long bytes = -1;
    for (int second = 0; second < 3; second++) { // the first loads classes
      long before = thread.getCurrentThreadAllocatedBytes();
      resampler.accept(noise, 0, from, sink);
      resampler.finish(sink);
      bytes = thread.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "44101,16000",
    "16000,44101",
    "383999,16000",
    "44056,16000",
    "1,44100",
    "11025,16000"
  })
  void tablesAreSmallAndShared(int from, int to) {
    PolyphaseFilter filter = PolyphaseFilter.of(from, to);
    long bytes = 4L * filter.panels.length * filter.depth * filter.outputs;
    assertTrue(bytes < 6 << 20, "bytes=" + bytes);
    assertSame(filter, PolyphaseFilter.of(2 * from, 2 * to));
  }

  /** Otherwise the band would depend on the machine. */
  @ParameterizedTest
  @CsvSource({
    "44100,16000",
    "16000,44100",
    "8000,44100",
    "48000,44100",
    "44100,48000",
    "22050,16000"
  })
  void everyKernelHasExactPanelsForUsualRates(int from, int to) {
    int up = to / BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValue();
    for (int columns : new int[] {8, 16, 48, 64}) {
      int outputs = PolyphaseFilter.outputs(up, columns);
      assertTrue(PolyphaseFilter.isExact(up, outputs), columns + " columns: " + outputs);
    }
  }

  private static float[] noise(int length) {
    float[] noise = new float[length];
    Random random = new Random(7);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat() * 2 - 1;
    }
    return noise;
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
      assertEquals(expected, last[(int) (k % last.length)], 1e-5, "sample " + k);
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
      assertTrue(at[0] > 1400, "samples=" + at[0]);
      resampler.reset();
    }
    assertArrayEquals(first, second);
  }

  @Test
  void ratesMustBePositiveAndNotTooFarApart() {
    assertThrows(IllegalArgumentException.class, () -> new Resampler(0, 16000));
    assertThrows(IllegalArgumentException.class, () -> new Resampler(16000, -1));
    assertThrows(IllegalArgumentException.class, () -> new Resampler(1024 * 1000, 1000));
  }
}
