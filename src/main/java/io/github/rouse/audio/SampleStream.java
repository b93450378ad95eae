package io.github.rouse.audio;

import java.io.InputStream;

/**
 * The bytes of the samples of any readable file, unpacked, with what its header says of them.
 *
 * @param bytes the samples, interleaved
 * @param format how they lie in the bytes
 * @param frames the header promises, or -1 if it does not say
 * @param packed whether a decoder stands between: then no sample at all means damage
 */
public record SampleStream(InputStream bytes, PcmFormat format, long frames, boolean packed) {
  // What lies outside is a broken header, and would only size our buffers.
  private static final int LOWEST_RATE = 1000; // Hz
  private static final int HIGHEST_RATE = 768_000; // Hz
  private static final int MOST_CHANNELS = 64;

  /** Refuses a rate or a number of channels that only a broken header has. */
  public static PcmFormat checked(PcmFormat format, String name) throws AudioFormatException {
    int channels = format.channels();
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw new AudioFormatException(
          name, "header says " + channels + " channels, expected 1 to " + MOST_CHANNELS);
    }
    int rate = format.sampleRate();
    if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
      throw new AudioFormatException(
          name,
          "header says a sample rate of %d Hz, expected %d to %d"
              .formatted(rate, LOWEST_RATE, HIGHEST_RATE));
    }
    return format;
  }
}
