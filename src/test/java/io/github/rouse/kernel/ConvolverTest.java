// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.jtransforms.fft.DoubleFFT_1D;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolverTest {
  @ParameterizedTest
  @CsvSource({
    "1,1",
    "5,3",
    "1023,1024",
    "1025,1025",
    "3000,9600",
    "80000,1300",
    "80000,16000",
    "131072,67",
    "300001,2049"
  })
  void theResultIsThatOfJTransforms(int length, int responseLength) {
    float[] signal = noise(length, 1);
    float[] response = noise(responseLength, 2);
    float[] scalar = signal.clone();
    Convolver convolver = new Convolver(new ScalarTile().filterLoops());
    convolver.apply(noise(4000, 3), noise(1500, 4)); // of which nothing is left
    convolver.apply(scalar, response);
    double[] expected = reference(signal, response);
    double tolerance = 1e-6 * Math.sqrt(responseLength);
    for (int i = 0; i < length; i++) {
      assertEquals(expected[i], scalar[i], tolerance, "sample " + i);
    }
    float[] vector = signal.clone();
    new Convolver(Probe.vectorTile(32).filterLoops()).apply(vector, response);
    assertArrayEquals(scalar, vector);
  }

  private static double[] reference(float[] signal, float[] response) {
    int length = Integer.highestOneBit(signal.length + response.length) * 2;
    double[] a = new double[2 * length];
    double[] b = new double[2 * length];
    for (int i = 0; i < signal.length; i++) {
      a[2 * i] = signal[i];
    }
    for (int i = 0; i < response.length; i++) {
      b[2 * i] = response[i];
    }
    DoubleFFT_1D fft = new DoubleFFT_1D(length);
    fft.complexForward(a);
    fft.complexForward(b);
    for (int k = 0; k < 2 * length; k += 2) {
      double re = a[k] * b[k] - a[k + 1] * b[k + 1];
      a[k + 1] = a[k] * b[k + 1] + a[k + 1] * b[k];
      a[k] = re;
    }
    fft.complexInverse(a, true);
    double[] result = new double[signal.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[2 * i];
    }
    return result;
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
