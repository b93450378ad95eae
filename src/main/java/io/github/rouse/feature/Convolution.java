package io.github.rouse.feature;

import org.jtransforms.fft.FloatFFT_1D;

/** Long convolutions through the Fourier transform, as of sound with the response of a room. */
public final class Convolution {
  private Convolution() {}

  /**
   * The first {@code signal.length} samples of the signal's convolution with a response.
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
    a[1] *= b[1]; // the real value at half the rate, as JTransforms packs it
    for (int k = 2; k < length; k += 2) {
      float re = a[k] * b[k] - a[k + 1] * b[k + 1];
      a[k + 1] = a[k] * b[k + 1] + a[k + 1] * b[k];
      a[k] = re;
    }
    fft.realInverse(a, true);
    System.arraycopy(a, 0, signal, 0, signal.length);
  }
}
