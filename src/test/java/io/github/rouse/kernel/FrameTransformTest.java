// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTransformTest {
  private static final int HOP = 7;
  private static final int FROM = 3;

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 32, 64, 512, 2048})
  void powersAreThoseOfJTransforms(int length) {
    for (Tile tile : new Tile[] {new ScalarTile(), Probe.vectorTile(32)}) {
      float[] window = noise(length, 1);
      float[] samples = noise(FROM + FrameTransform.MOST * HOP + length, 2);
      FrameTransform transform = new FrameTransform(tile.filterLoops(), window);
      float[] power = new float[FrameTransform.MOST * (length / 2 + 1)];
      int lanes = transform.forward(samples, FROM, HOP, FrameTransform.MOST);
      transform.powers(power);
      for (int frame = 0; frame < FrameTransform.MOST; frame++) {
        double[] expected = powers(samples, FROM + frame * HOP, window);
        int from = frame % 2 * (length / 2 + 1) * lanes + frame / 2;
        for (int k = 0; k <= length / 2; k++) {
          assertEquals(expected[k], power[from + k * lanes], 1e-6 * (length + expected[k]));
        }
      }
    }
  }

  /** The gain of a half leaves half of what the squared window leaves. */
  @Test
  void framesComeBackAtTheirGain() {
    float[] window = noise(64, 1);
    float[] samples = noise(FROM + 40 * HOP + 64, 2);
    for (Tile tile : new Tile[] {new ScalarTile(), Probe.vectorTile(32)}) {
      for (int count = 1; count <= FrameTransform.MOST; count++) {
        float[] out = new float[samples.length];
        run(tile, window, samples, count, 0.5f, out);
        double[] expected = new double[samples.length];
        for (int frame = 0; frame < count; frame++) {
          for (int i = 0; i < window.length; i++) {
            int at = FROM + frame * HOP + i;
            expected[at] += 0.5 * window[i] * window[i] * samples[at];
          }
        }
        for (int i = 0; i < out.length; i++) {
          assertEquals(expected[i], out[i], 1e-5, tile + ", " + count + ": " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 128, 512})
  void vectorsComputeTheSameBits(int length) {
    float[] window = noise(length, 1);
    float[] samples = noise(FROM + FrameTransform.MOST * HOP + length, 2);
    for (int count = 1; count <= FrameTransform.MOST; count++) {
      float[] expected = new float[samples.length];
      run(new ScalarTile(), window, samples, count, 0, expected);
      float[] actual = new float[samples.length];
      run(Probe.vectorTile(32), window, samples, count, 0, actual);
      assertArrayEquals(expected, actual, length + ", " + count);
    }
  }

  /** With a gain of 0, it stretches the envelopes instead. */
  private static void run(
      Tile tile, float[] window, float[] samples, int count, float gain, float[] out) {
    FrameTransform transform = new FrameTransform(tile.filterLoops(), window);
    int lanes = transform.forward(samples, FROM, HOP, count);
    float[] gains = new float[(window.length + 2) * lanes];
    if (gain > 0) {
      Arrays.fill(gains, gain);
    } else {
      float[] power = new float[gains.length];
      float[] smooth = new float[gains.length];
      transform.powers(power);
      transform.smooth(power, smooth, 3, 0.1f);
      transform.stretchGains(smooth, 1.2, 1.3f, gains);
    }
    transform.scale(gains);
    transform.addInverse(out, FROM, HOP, count);
  }

  private static double[] powers(float[] samples, int from, float[] window) {
    double[] transform = new double[window.length];
    for (int i = 0; i < window.length; i++) {
      transform[i] = (double) samples[from + i] * window[i];
    }
    new DoubleFFT_1D(window.length).realForward(transform);
    double[] power = new double[window.length / 2 + 1];
    power[0] = transform[0] * transform[0];
    power[power.length - 1] = transform[1] * transform[1];
    for (int k = 1; k < power.length - 1; k++) {
      power[k] = Math.pow(Math.hypot(transform[2 * k], transform[2 * k + 1]), 2);
    }
    return power;
  }

  private static float[] noise(int length, int seed) {
    Random random = new Random(seed);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = 2 * random.nextFloat() - 1;
    }
    return samples;
  }
}
