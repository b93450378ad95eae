// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterBankTest {
  private static final int HOP = 7;

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 32, 64, 256, 512, 1024, 2048})
  void energiesAreThoseOfJTransforms(int length) {
    TriangularFilters filters = filters(length, length - length / 5);
    float[] samples = noise(filters.window().length + FilterBank.MOST * HOP);
    float[][] energies = energies(bank(new ScalarTile(), filters), samples, FilterBank.MOST);
    for (int frame = 0; frame < FilterBank.MOST; frame++) {
      double[] expected = reference(filters, samples, frame * HOP);
      for (int band = 0; band < expected.length; band++) {
        assertEquals(
            expected[band], energies[frame][band], 1e-5 * (1e-3 * length + expected[band]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 128, 512, 1024})
  void vectorsComputeTheSameBits(int length) {
    TriangularFilters filters = filters(length, length - 1);
    float[] samples = noise(length + FilterBank.MOST * HOP);
    FilterBank vectors = bank(Probe.vectorTile(32), filters);
    FilterBank scalars = bank(new ScalarTile(), filters);
    for (int count = 1; count <= FilterBank.MOST; count++) {
      float[][] expected = energies(scalars, samples, count);
      float[][] actual = energies(vectors, samples, count);
      for (int frame = 0; frame < count; frame++) {
        assertArrayEquals(expected[frame], actual[frame]);
      }
    }
  }

  @Test
  void aFrameDoesNotDependOnThoseBesideIt() {
    TriangularFilters filters = filters(512, 400);
    float[] samples = noise(400 + FilterBank.MOST * HOP);
    samples[400 + 3 * HOP] = Float.NaN; // in the frames from the fourth on
    for (Tile tile : new Tile[] {new ScalarTile(), Probe.vectorTile(32)}) {
      float[][] together = energies(bank(tile, filters), samples, FilterBank.MOST);
      for (int frame = 0; frame < 4; frame++) {
        float[] alone = new float[400];
        System.arraycopy(samples, frame * HOP, alone, 0, alone.length);
        assertArrayEquals(energies(bank(tile, filters), alone, 1)[0], together[frame]);
      }
    }
  }

  @Test
  void logarithmIsAccurateTo2e7() {
    float[] x = positives();
    for (Tile tile : new Tile[] {new ScalarTile(), Probe.vectorTile(32)}) {
      float[] y = x.clone();
      bank(tile, filters(8, 8)).log(y, y.length);
      double largest = 0;
      for (int i = 0; i < x.length; i++) {
        double exact = Math.log(Math.max(Float.MIN_NORMAL, x[i]));
        largest = Math.max(largest, Math.abs(exact - y[i]) / Math.max(1, Math.abs(exact)));
      }
      assertTrue(largest < 2e-7, tile + ": error=" + largest);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.98f, 0.5f, 0.05f, 1, -3, 7})
  void powersAreAccurate(float exponent) {
    float[] x = positives();
    float[][] powers = new float[2][];
    for (int t = 0; t < 2; t++) {
      powers[t] = x.clone();
      Tile tile = t == 0 ? new ScalarTile() : Probe.vectorTile(32);
      bank(tile, filters(8, 8)).pow(powers[t], x.length, exponent);
    }
    assertArrayEquals(powers[0], powers[1]);
    for (int i = 0; i < x.length; i++) {
      double power = exponent * Math.log(Math.max(Float.MIN_NORMAL, x[i]));
      if (Math.abs(power) < 87) {
        double error = Math.abs(powers[0][i] / Math.exp(power) - 1) / (1 + Math.abs(power));
        assertTrue(error < 3e-7, x[i] + ": error=" + error);
      } else {
        assertTrue(Float.isFinite(powers[0][i]) && powers[0][i] > 0, x[i] + ": " + powers[0][i]);
      }
    }
  }

  /** Over all exponents, and what lies below the least normal float. */
  private static float[] positives() {
    Random random = new Random(3);
    float[] x = new float[64_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.exp(-87 + 175 * random.nextDouble());
    }
    x[0] = 0;
    x[1] = Float.MIN_VALUE;
    x[2] = Float.MIN_NORMAL;
    x[3] = 1;
    x[4] = Float.MAX_VALUE;
    return x;
  }

  private static FilterBank bank(Tile tile, TriangularFilters filters) {
    return new FilterBank(tile.filterLoops(), filters);
  }

  private static TriangularFilters filters(int length, int windowed) {
    Random random = new Random(1);
    float[] window = new float[windowed];
    for (int i = 0; i < window.length; i++) {
      window[i] = random.nextFloat();
    }
    int bands = Math.max(1, length / 16);
    int[] edges = new int[bands + 2];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = (int) ((long) i * (length / 2) / (edges.length - 1));
    }
    float[] rising = new float[length / 2 + 1];
    float[] falling = new float[length / 2 + 1];
    for (int k = 0; k < length / 2; k++) {
      rising[k] = random.nextFloat();
      falling[k] = random.nextFloat();
    }
    return new TriangularFilters(length, window, edges, rising, falling);
  }

  private static double[] reference(TriangularFilters filters, float[] samples, int from) {
    int half = filters.length() / 2;
    double[] transform = new double[filters.length()];
    for (int i = 0; i < filters.window().length; i++) {
      transform[i] = (double) samples[from + i] * filters.window()[i];
    }
    new DoubleFFT_1D(filters.length()).realForward(transform);
    double[] power = new double[half + 1];
    power[0] = transform[0] * transform[0];
    power[half] = transform[1] * transform[1];
    for (int k = 1; k < half; k++) {
      power[k] = Math.pow(Math.hypot(transform[2 * k], transform[2 * k + 1]), 2);
    }
    int[] edges = filters.edges();
    double[] energies = new double[edges.length - 2];
    for (int b = 0; b < energies.length; b++) {
      for (int k = edges[b]; k < edges[b + 1]; k++) {
        energies[b] += filters.rising()[k] * power[k];
      }
      for (int k = edges[b + 1]; k < edges[b + 2]; k++) {
        energies[b] += filters.falling()[k] * power[k];
      }
    }
    return energies;
  }

  private static float[][] energies(FilterBank bank, float[] samples, int count) {
    float[] values = new float[200 * FilterBank.MOST];
    int lanes = bank.energies(samples, HOP, count, values);
    float[][] frames = new float[count][200];
    for (int frame = 0; frame < count; frame++) {
      for (int b = 0; b < 200; b++) {
        frames[frame][b] = values[b * lanes + frame];
      }
    }
    return frames;
  }

  private static float[] noise(int length) {
    Random random = new Random(2);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = 2 * random.nextFloat() - 1;
    }
    return samples;
  }
}
