// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** What acousticians measure of an impulse response (ISO 3382-1). */
final class RoomAcoustics {
  private static final double DIRECT_SECONDS = 0.0025;

  private RoomAcoustics() {}

  /** Energy left after each sample, dB of the whole (Schroeder 1965), [samples]. */
  static double[] decay(float[] response) {
    double[] left = new double[response.length];
    double sum = 0;
    for (int i = response.length - 1; i >= 0; i--) {
      sum += (double) response[i] * response[i];
      left[i] = sum;
    }
    for (int i = 0; i < left.length; i++) {
      left[i] = 10 * Math.log10(left[i] / sum + 1e-30);
    }
    return left;
  }

  /** Reverberation time by the line through the decay from -5 to -25 dB, s. */
  static double t60(float[] response, int sampleRate) {
    double[] decay = decay(response);
    double n = 0;
    double t = 0;
    double tt = 0;
    double y = 0;
    double ty = 0;
    for (int i = 0; i < decay.length; i++) {
      if (decay[i] <= -5 && decay[i] >= -25) {
        double at = (double) i / sampleRate;
        n++;
        t += at;
        tt += at * at;
        y += decay[i];
        ty += at * decay[i];
      }
    }
    return -60 * (n * tt - t * t) / (n * ty - t * y);
  }

  /** The octave around a frequency. */
  static float[] octave(float[] response, int sampleRate, double hertz) {
    float[] band = response.clone();
    for (double q : new double[] {0.54, 1.31}) {
      Biquad.apply(band, sampleRate, hertz / Math.sqrt(2), q, true);
      Biquad.apply(band, sampleRate, hertz * Math.sqrt(2), q, false);
    }
    return band;
  }

  /** Energy of the first 2.5 ms by that of the rest, dB. */
  static double directToReverberantDb(float[] response, int sampleRate) {
    double left = decay(response)[(int) (DIRECT_SECONDS * sampleRate)];
    return 10 * Math.log10(Math.pow(10, -left / 10) - 1);
  }
}
