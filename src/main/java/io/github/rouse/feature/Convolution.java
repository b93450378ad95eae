// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import org.jtransforms.fft.FloatFFT_1D;

/** FFT convolution, for long responses such as room impulse responses. */
public final class Convolution {
  private Convolution() {}

  /**
   * Convolves a signal with a response and keeps the first {@code signal.length} samples.
   *
   * @param signal replaced by the result
   */
  public static void apply(float[] signal, float[] response) {
    int length = Integer.highestOneBit(signal.length + response.length - 1) * 2;
    float[] a = java.util.Arrays.copyOf(signal, length);
    float[] b = java.util.Arrays.copyOf(response, length);
    FloatFFT_1D fft = new FloatFFT_1D(length);
    fft.realForward(a);
    fft.realForward(b);
    a[0] *= b[0];
    a[1] *= b[1]; // JTransforms packs the real value at the Nyquist frequency here
    for (int k = 2; k < length; k += 2) {
      float re = a[k] * b[k] - a[k + 1] * b[k + 1];
      a[k + 1] = a[k] * b[k + 1] + a[k + 1] * b[k];
      a[k] = re;
    }
    fft.realInverse(a, true);
    System.arraycopy(a, 0, signal, 0, signal.length);
  }
}
