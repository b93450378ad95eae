// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints what our resampler and TarsosDSP's long filter cost for the same second of sound, turn by
 * turn in one process, in this thread's own time.
 */
public final class ResamplerSpeed {
  private static final double TURN_SECONDS = 0.03;
  private static final int WARM_UP = 20; // pairs
  private static final int READ = 4096; // samples that a scan reads at a time
  private static final int BLOCK = 128; // samples per call of TarsosDSP
  private static final int[][] RATES = {
    {44_100, 16_000},
    {48_000, 16_000},
    {32_000, 16_000},
    {22_050, 16_000},
    {11_025, 16_000},
    {8_000, 16_000},
    {96_000, 16_000},
    {16_000, 8_000},
    {16_000, 44_100},
    {48_000, 44_100},
    {44_101, 16_000}
  };
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private static float heard; // keeps the work alive

  private ResamplerSpeed() {}

  /** Compares; the argument is how many pairs. */
  public static void main(String[] args) {
    int pairs = Integer.parseInt(args[0]);
    System.out.printf("Java %s%n", Runtime.version());
    for (int[] rates : RATES) {
      compare(rates[0], rates[1], pairs);
    }
  }

  private static void compare(int from, int to, int pairs) {
    SplittableRandom random = new SplittableRandom(1);
    float[] sound = new float[from];
    for (int i = 0; i < from; i++) {
      sound[i] = (float) random.nextDouble(-0.5, 0.5);
    }
    Runnable ours = ours(sound, from, to);
    Runnable theirs = theirs(sound, (double) to / from);
    double[] a = new double[pairs];
    double[] b = new double[pairs];
    double[] ratios = new double[pairs];
    for (int pair = -WARM_UP; pair < pairs; pair++) {
      double mine = microseconds(ours);
      double other = microseconds(theirs);
      if (pair >= 0) {
        a[pair] = mine;
        b[pair] = other;
        ratios[pair] = mine / other;
      }
    }
    Arrays.sort(a);
    Arrays.sort(b);
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%d -> %d: ours %.0f us (least %.0f), TarsosDSP %.0f us (least %.0f) a second of sound;"
            + " ours %.2f of it (pairs %.2f to %.2f)%n",
        from,
        to,
        a[pairs / 2],
        a[0],
        b[pairs / 2],
        b[0],
        ratios[pairs / 2],
        ratios[0],
        ratios[pairs - 1]);
  }

  private static Runnable ours(float[] sound, int from, int to) {
    Resampler resampler = new Resampler(from, to);
    SampleSink sink = (samples, at, length) -> heard += samples[at];
    return () -> {
      for (int at = 0; at < sound.length; at += READ) {
        resampler.accept(sound, at, Math.min(READ, sound.length - at), sink);
      }
    };
  }

  private static Runnable theirs(float[] sound, double factor) {
    var resampler = new be.tarsos.dsp.resample.Resampler(true, factor, factor);
    FloatBuffer output = FloatBuffer.allocate((int) ((BLOCK + 2000) * factor));
    return () -> {
      for (int at = 0; at < sound.length; at += BLOCK) {
        int length = Math.min(BLOCK, sound.length - at);
        output.clear();
        resampler.process(factor, FloatBuffer.wrap(sound, at, length), false, output);
        heard += output.get(0);
      }
    };
  }

  /** Of one run, over as many as a turn lasts. */
  private static double microseconds(Runnable work) {
    long start = THREAD.getCurrentThreadCpuTime(); // ns
    long nanoseconds;
    int runs = 0;
    do {
      work.run();
      runs++;
      nanoseconds = THREAD.getCurrentThreadCpuTime() - start;
    } while (nanoseconds < TURN_SECONDS * 1e9);
    return nanoseconds / 1e3 / runs;
  }
}
