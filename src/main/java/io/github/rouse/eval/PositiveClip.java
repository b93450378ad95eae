// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

/**
 * A recording of one word, with the gain and noise to play it at.
 *
 * @param gain dB; clipped at full scale
 * @param snr speech power over noise power, dB
 * @param turn number that selects the noise and the place in it; from 0
 */
public record PositiveClip(Recording recording, double gain, double snr, int turn) {
  /** A recording at its own level, without noise. */
  public static PositiveClip asRecorded(Recording recording) {
    return new PositiveClip(recording, 0, Double.POSITIVE_INFINITY, 0);
  }
}
