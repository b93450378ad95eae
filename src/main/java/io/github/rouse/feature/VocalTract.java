package io.github.rouse.feature;

import org.jtransforms.fft.FloatFFT_1D;

/**
 * Speech as if through a longer or shorter vocal tract: the resonances move, pitch and tempo stay.
 * Frame by frame, the spectrum's envelope is taken off and put on again at scaled frequencies (a
 * channel vocoder's idea; vocal tract length perturbation, Jaitly and Hinton 2013, moves the pitch
 * too).
 */
public final class VocalTract {
  private static final double FRAME_SECONDS = 0.032;
  private static final double SMOOTHING_HZ = 250; // wider than the harmonics of most voices
  private static final float LARGEST_GAIN = 10; // in amplitude

  private VocalTract() {}

  /**
   * A recording with its resonances at {@code factor} times their frequencies.
   *
   * @param samples kept as they are
   * @param sampleRate Hz
   * @param factor above 1 for a shorter tract, as a child's
   * @return as many samples
   */
  public static float[] scaled(float[] samples, int sampleRate, double factor) {
    int length = Integer.highestOneBit((int) (2 * FRAME_SECONDS * sampleRate) - 1);
    int hop = length / 2;
    int reach = Math.max(1, (int) (SMOOTHING_HZ * length / sampleRate / 2)); // bins
    float[] window = new float[length]; // its square overlaps to one
    for (int i = 0; i < length; i++) {
      window[i] = (float) Math.sin(Math.PI * (i + 0.5) / length);
    }
    FloatFFT_1D fft = new FloatFFT_1D(length);
    float[] frame = new float[length];
    float[] envelope = new float[hop + 1];
    float[] scratch = new float[hop + 1];
    float[] out = new float[samples.length];
    for (int at = -hop; at < samples.length; at += hop) {
      int first = Math.max(0, -at);
      int end = Math.min(length, samples.length - at);
      java.util.Arrays.fill(frame, 0f);
      for (int i = first; i < end; i++) {
        frame[i] = window[i] * samples[at + i];
      }
      fft.realForward(frame);
      envelope(frame, envelope, scratch, reach);
      for (int k = 1; k < hop; k++) {
        float gain = gain(envelope, k, factor);
        frame[2 * k] *= gain;
        frame[2 * k + 1] *= gain;
      }
      fft.realInverse(frame, true);
      for (int i = first; i < end; i++) {
        out[at + i] += window[i] * frame[i];
      }
    }
    return out;
  }

  /** Power smoothed over frequency, twice: [length / 2 + 1]. */
  private static void envelope(float[] spectrum, float[] envelope, float[] scratch, int reach) {
    int bins = envelope.length;
    scratch[0] = spectrum[0] * spectrum[0];
    scratch[bins - 1] = spectrum[1] * spectrum[1];
    for (int k = 1; k < bins - 1; k++) {
      scratch[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    }
    smooth(scratch, envelope, reach);
    smooth(envelope, scratch, reach);
    System.arraycopy(scratch, 0, envelope, 0, bins);
  }

  private static void smooth(float[] from, float[] to, int reach) {
    double sum = 0;
    int bins = from.length;
    for (int k = -reach; k < bins; k++) {
      sum += k + reach < bins ? from[k + reach] : 0;
      sum -= k - reach > 0 ? from[k - reach - 1] : 0;
      if (k >= 0) {
        to[k] = (float) Math.max(0, sum / (2 * reach + 1)) + 1e-12f;
      }
    }
  }

  private static float gain(float[] envelope, int bin, double factor) {
    double source = Math.min(bin / factor, envelope.length - 2);
    int below = (int) source;
    double part = source - below;
    double wanted = envelope[below] * (1 - part) + envelope[below + 1] * part;
    return Math.min(LARGEST_GAIN, (float) Math.sqrt(wanted / envelope[bin]));
  }
}
