// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import java.util.Arrays;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Simulates a longer or shorter vocal tract: moves the resonances, keeps pitch and tempo. Each
 * frame's spectral envelope is removed and reapplied at scaled frequencies, as in a channel
 * vocoder. (Vocal tract length perturbation, Jaitly and Hinton 2013, moves the pitch too.)
 */
public final class VocalTract {
  private static final double FRAME_SECONDS = 0.032;
  private static final double SMOOTHING_HZ = 250; // wider than the harmonics of most voices
  private static final float LARGEST_GAIN = 10; // in amplitude

  private static final float FLOOR = 1e-12f; // of power

  private final int bins;
  private final int halfWidth; // of the smoothing window, bins
  private final FloatFFT_1D fft;
  private final float[] frame; // [length], samples, then the spectrum
  private final float[] power; // [bins]
  private final float[] once; // [bins], smoothed once
  private final float[] envelope; // [bins], smoothed twice
  private final float[] gain; // [bins], of amplitude
  private final double[] sums; // running sums of power, padded by halfWidth bins at either end
  private final int[] below; // [bins], source bin of the envelope, rounded down
  private final float[] part; // [bins], fraction of the way to the next source bin

  private VocalTract(int length, int sampleRate, double factor) {
    bins = length / 2 + 1;
    halfWidth = Math.max(1, (int) (SMOOTHING_HZ * length / sampleRate / 2));
    fft = new FloatFFT_1D(length);
    frame = new float[length];
    power = new float[bins];
    once = new float[bins];
    envelope = new float[bins];
    gain = new float[bins];
    sums = new double[bins + 2 * halfWidth + 1];
    below = new int[bins];
    part = new float[bins];
    for (int k = 0; k < bins; k++) {
      double source = Math.min(k / factor, bins - 2);
      below[k] = (int) source;
      part[k] = (float) (source - below[k]);
    }
  }

  /**
   * Moves a recording's resonances to {@code factor} times their frequencies.
   *
   * @param samples not modified
   * @param sampleRate Hz
   * @param factor above 1 for a shorter tract, as a child's
   * @return the same number of samples
   */
  public static float[] scaled(float[] samples, int sampleRate, double factor) {
    int length = Integer.highestOneBit((int) (2 * FRAME_SECONDS * sampleRate) - 1);
    int hop = length / 2;
    float[] window = new float[length]; // overlapping squares add up to one
    for (int i = 0; i < length; i++) {
      window[i] = (float) Math.sin(Math.PI * (i + 0.5) / length);
    }
    VocalTract frames = new VocalTract(length, sampleRate, factor);
    float[] out = new float[samples.length];
    for (int at = -hop; at < samples.length; at += hop) {
      int first = Math.max(0, -at);
      int end = Math.min(length, samples.length - at);
      Arrays.fill(frames.frame, 0f);
      for (int i = first; i < end; i++) {
        frames.frame[i] = window[i] * samples[at + i];
      }
      frames.scale();
      for (int i = first; i < end; i++) {
        out[at + i] += window[i] * frames.frame[i];
      }
    }
    return out;
  }

  /** Rescales the envelope of the current frame. */
  private void scale() {
    fft.realForward(frame);
    for (int k = 1; k < bins - 1; k++) {
      power[k] = frame[2 * k] * frame[2 * k] + frame[2 * k + 1] * frame[2 * k + 1];
    }
    power[0] = frame[0] * frame[0];
    power[bins - 1] = frame[1] * frame[1];
    smooth(power, once);
    smooth(once, envelope);
    for (int k = 1; k < bins - 1; k++) {
      gain[k] = envelope[below[k]] + part[k] * (envelope[below[k] + 1] - envelope[below[k]]);
    }
    for (int k = 1; k < bins - 1; k++) {
      gain[k] = Math.min(LARGEST_GAIN, (float) Math.sqrt(gain[k] / envelope[k]));
    }
    for (int k = 1; k < bins - 1; k++) {
      frame[2 * k] *= gain[k];
      frame[2 * k + 1] *= gain[k];
    }
    fft.realInverse(frame, true);
  }

  /** Moving average over bins. */
  private void smooth(float[] from, float[] to) {
    for (int k = 0; k < bins; k++) {
      sums[halfWidth + k + 1] = sums[halfWidth + k] + from[k];
    }
    Arrays.fill(sums, halfWidth + bins + 1, sums.length, sums[halfWidth + bins]);
    double share = 1.0 / (2 * halfWidth + 1);
    for (int k = 0; k < bins; k++) {
      to[k] = (float) (share * (sums[k + 2 * halfWidth + 1] - sums[k])) + FLOOR;
    }
  }
}
