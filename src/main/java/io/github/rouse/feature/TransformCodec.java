// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import java.util.Arrays;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Simulates an audio codec of low bit rate. MP3, AAC and Opus round the spectrum of each frame in
 * steps that grow with the power of a band, and leave out bands far below the loudest; what is
 * heard is holes in the spectrum and noise that follows the speech.
 */
public final class TransformCodec {
  private static final double FRAME_SECONDS = 0.032;
  private static final double NARROWEST_HZ = 100; // of a band, as in the ear
  private static final double RELATIVE_WIDTH = 0.2; // of a band above 500 Hz
  private static final float SILENT = 1e-20f; // of power: below, a band is silent

  private TransformCodec() {}

  /**
   * Codes and decodes samples.
   *
   * @param samples replaced by the result
   * @param step of rounding, relative to the root mean square of a band
   * @param rangeDb bands weaker than the loudest of their frame by more are left out
   */
  public static void apply(float[] samples, int sampleRate, double step, double rangeDb) {
    int length = Integer.highestOneBit((int) (2 * FRAME_SECONDS * sampleRate) - 1);
    int[] edges = edges(length, sampleRate);
    FloatFFT_1D fft = new FloatFFT_1D(length);
    float[] window = new float[length]; // overlapping squares add up to one
    for (int i = 0; i < length; i++) {
      window[i] = (float) Math.sin(Math.PI * (i + 0.5) / length);
    }
    float[] frame = new float[length];
    float[] out = new float[samples.length];
    for (int at = -length / 2; at < samples.length; at += length / 2) {
      int first = Math.max(0, -at);
      int end = Math.min(length, samples.length - at);
      Arrays.fill(frame, 0f);
      for (int i = first; i < end; i++) {
        frame[i] = window[i] * samples[at + i];
      }
      fft.realForward(frame);
      frame[1] = 0; // the Nyquist frequency
      round(frame, edges, step, Math.pow(10, -rangeDb / 10));
      fft.realInverse(frame, true);
      for (int i = first; i < end; i++) {
        out[at + i] += window[i] * frame[i];
      }
    }
    System.arraycopy(out, 0, samples, 0, samples.length);
  }

  /** The first values of the bands in a packed spectrum, and its length. */
  private static int[] edges(int length, int sampleRate) {
    int[] edges = new int[length / 2];
    int bands = 0;
    double hertz = 0;
    while (hertz < sampleRate / 2.0) {
      edges[bands++] = 2 * (int) (hertz * length / sampleRate);
      hertz += Math.max(NARROWEST_HZ, RELATIVE_WIDTH * hertz);
    }
    edges[bands++] = length;
    return Arrays.copyOf(edges, bands);
  }

  private static void round(float[] frame, int[] edges, double step, double range) {
    float[] powers = new float[edges.length - 1];
    float loudest = 0;
    for (int b = 0; b < powers.length; b++) {
      for (int i = edges[b]; i < edges[b + 1]; i++) {
        powers[b] += frame[i] * frame[i] / (edges[b + 1] - edges[b]);
      }
      loudest = Math.max(loudest, powers[b]);
    }
    for (int b = 0; b < powers.length; b++) {
      boolean kept = powers[b] > Math.max(SILENT, range * loudest);
      float size = (float) (step * Math.sqrt(powers[b]));
      for (int i = edges[b]; i < edges[b + 1]; i++) {
        frame[i] = kept ? size * Math.round(frame[i] / size) : 0;
      }
    }
  }
}
