// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import java.util.Arrays;

/** Prepares measured impulse responses. */
public final class MeasuredRoom {
  private static final double ONSET = 0.1; // of the peak: -20 dB (ISO 3382-1)
  private static final double DIRECT_SECONDS = 0.001; // after the onset, at most
  private static final double FADE = 0.05; // of the length

  private MeasuredRoom() {}

  /**
   * Cuts a response from its direct sound to at most 1 s after it.
   *
   * @param measured with any delay and level
   * @return of energy 1, the direct sound first
   */
  public static float[] response(float[] measured, int sampleRate) {
    float peak = 0;
    for (float sample : measured) {
      peak = Math.max(peak, Math.abs(sample));
    }
    int onset = 0;
    while (onset < measured.length - 1 && Math.abs(measured[onset]) < ONSET * peak) {
      onset++;
    }
    int direct = onset;
    int end = Math.min(measured.length, onset + 1 + (int) (DIRECT_SECONDS * sampleRate));
    for (int i = onset; i < end; i++) {
      direct = Math.abs(measured[i]) > Math.abs(measured[direct]) ? i : direct;
    }
    int length = Math.min(measured.length - direct, sampleRate);
    float[] response = Arrays.copyOfRange(measured, direct, direct + length);
    int fade = (int) (FADE * length);
    for (int i = 0; i < fade; i++) {
      response[length - 1 - i] *= (float) i / fade;
    }
    float scale = (float) (1 / Math.sqrt(Math.max(1e-12, length * Power.of(response, 0, length))));
    for (int i = 0; i < length; i++) {
      response[i] *= scale;
    }
    return response;
  }
}
