// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.InputStream;

/**
 * The decoded sample bytes of a file, with the facts from its header.
 *
 * @param bytes the samples, interleaved
 * @param format of the samples
 * @param frames promised by the header, or -1 if it does not say
 * @param packed whether the file is compressed: if so, a file without samples is damaged
 */
public record SampleStream(InputStream bytes, PcmFormat format, long frames, boolean packed) {
  // Values outside these limits come from a damaged header and would size our buffers.
  private static final int MIN_RATE = 1000; // Hz
  private static final int MAX_RATE = 768_000; // Hz
  private static final int MAX_CHANNELS = 64;

  /** Rejects a sample rate or channel count that only a damaged header has. */
  public static PcmFormat checked(PcmFormat format, String name) throws AudioFormatException {
    int channels = format.channels();
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw new AudioFormatException(
          name, "header says " + channels + " channels, expected 1 to " + MAX_CHANNELS);
    }
    int rate = format.sampleRate();
    if (rate < MIN_RATE || rate > MAX_RATE) {
      throw new AudioFormatException(
          name,
          String.format(
              "header says a sample rate of %d Hz, expected %d to %d", rate, MIN_RATE, MAX_RATE));
    }
    return format;
  }
}
