// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

/**
 * A bank of triangular filters of equal width on a mel scale.
 *
 * @param scale which mel scale, and how the triangles are weighted
 * @param bands how many filters
 * @param lowHz where the first triangle begins
 * @param highHz where the last triangle ends
 */
public record Mel(MelScale scale, int bands, double lowHz, double highHz) {
  private static final double LOW_HZ = 60;
  // Below 7.6 kHz, an upsampled 16 kHz recording looks like a native one.
  private static final double HIGH_HZ = 7600;

  /** Checks the values. */
  public Mel {
    if (scale == null) {
      throw new IllegalArgumentException("scale=null");
    }
    if (bands < 1 || bands > 512) {
      throw new IllegalArgumentException("bands=" + bands + ", expected 1 to 512");
    }
    if (!(lowHz >= 0 && lowHz < highHz)) {
      throw new IllegalArgumentException("lowHz=" + lowHz + ", expected 0 to highHz=" + highHz);
    }
  }

  /** Filters over the speech band, 60 to 7600 Hz. */
  public static Mel of(MelScale scale, int bands) {
    return new Mel(scale, bands, LOW_HZ, HIGH_HZ);
  }

  /**
   * Filter edges and peaks in Hz, [bands + 2]: each triangle spans from the previous peak to the
   * next.
   */
  double[] edges() {
    double[] edges = new double[bands + 2];
    double low = scale.mel(lowHz);
    double step = (scale.mel(highHz) - low) / (bands + 1);
    for (int i = 0; i < edges.length; i++) {
      edges[i] = scale.hertz(low + i * step);
    }
    return edges;
  }

  /**
   * The filters' weights over the bins of a power spectrum.
   *
   * @return [bands][fftLength / 2 + 1]
   */
  public double[][] filters(int sampleRate, int fftLength) {
    double[] edges = edges();
    double[][] filters = new double[bands][fftLength / 2 + 1];
    for (int b = 0; b < bands; b++) {
      double rise = edges[b + 1] - edges[b];
      double fall = edges[b + 2] - edges[b + 1];
      double peak = scale == MelScale.SLANEY ? 2 / (edges[b + 2] - edges[b]) : 1;
      for (int k = 0; k < filters[b].length; k++) {
        double hertz = (double) k * sampleRate / fftLength;
        double height = Math.min((hertz - edges[b]) / rise, (edges[b + 2] - hertz) / fall);
        filters[b][k] = peak * Math.max(0, height);
      }
    }
    return filters;
  }
}
