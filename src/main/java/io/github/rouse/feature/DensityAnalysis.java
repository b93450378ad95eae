// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import org.jtransforms.fft.DoubleFFT_1D;

/** Computes {@link Spectrum.PowerDensity}, for frames of any length. */
final class DensityAnalysis implements FrameAnalysis {
  private final double[] window; // [frameLength]
  private final double[] factors; // [bins]
  private final DoubleFFT_1D fft;
  private final double[] transform; // [frameLength], packed as JTransforms does

  DensityAnalysis(FeatureSpec spec, Spectrum.PowerDensity density) {
    window = spec.window();
    factors = density.factors(window);
    fft = new DoubleFFT_1D(window.length);
    transform = new double[window.length];
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void apply(float[] samples, int count, float[][] frames) {
    for (int i = 0; i < window.length; i++) {
      transform[i] = samples[i] * window[i];
    }
    fft.realForward(transform);
    int n = transform.length;
    float[] frame = frames[0];
    frame[0] = (float) (transform[0] * transform[0] * factors[0]);
    for (int k = 1; k < (n + 1) / 2; k++) {
      double re = transform[2 * k];
      double im = transform[2 * k + 1 < n ? 2 * k + 1 : 1]; // the last one does not fit
      frame[k] = (float) ((re * re + im * im) * factors[k]);
    }
    if (n % 2 == 0) {
      frame[n / 2] = (float) (transform[1] * transform[1] * factors[n / 2]);
    }
  }
}
