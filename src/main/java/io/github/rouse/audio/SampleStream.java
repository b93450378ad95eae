// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;

/**
 * The decoded sample bytes of a sound, or of one part of it, with the facts from its header.
 *
 * @param bytes the samples, interleaved, up to the end of the part
 * @param format of the samples
 * @param frames promised by the header, or -1 if it does not say
 * @param packed whether the file is compressed: if so, a file without samples is damaged
 * @param next what follows in the same file
 * @param tracks of sound in the file, of which this is one
 */
public record SampleStream(
    InputStream bytes, PcmFormat format, long frames, boolean packed, Next next, int tracks) {
  // Values outside these limits come from a damaged header and would size our buffers.
  private static final int MIN_RATE = 1000; // Hz
  private static final int MAX_RATE = 768_000; // Hz
  private static final int MAX_CHANNELS = 64;

  /** Finds the part that follows, after the last byte of this one. */
  public interface Next {
    /**
     * Opens the next part, such as one with another sample rate.
     *
     * @return null if the format's own structure ends here
     * @throws IOException if sound remains unheard; the message says how much
     */
    SampleStream open() throws IOException;
  }

  /** A sound of one part. */
  public SampleStream(InputStream bytes, PcmFormat format, long frames, boolean packed) {
    this(bytes, format, frames, packed, () -> null);
  }

  /** The only track of a file. */
  public SampleStream(InputStream bytes, PcmFormat format, long frames, boolean packed, Next next) {
    this(bytes, format, frames, packed, next, 1);
  }

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

  /** Sample bytes that are read many at a time. */
  public abstract static class BulkBytes extends InputStream {
    @Override
    public final int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public abstract int read(byte[] into, int from, int length) throws IOException;
  }

  /** Sample bytes that a codec decodes a frame, block or page at a time. */
  public abstract static class FrameBytes extends BulkBytes {
    /** The frame, interleaved. */
    protected byte[] bytes = new byte[0];

    /** Bytes of the frame that have been read. */
    protected int read;

    /** End of the frame in {@link #bytes}. */
    protected int decoded;

    /**
     * Decodes the next frame, which may be empty, into {@link #bytes}.
     *
     * @return false at the end
     */
    protected abstract boolean decode() throws IOException;

    @Override
    public final int read(byte[] into, int from, int length) throws IOException {
      while (read == decoded) {
        if (!decode()) {
          return -1;
        }
      }
      int n = Math.min(length, decoded - read);
      System.arraycopy(bytes, read, into, from, n);
      read += n;
      return n;
    }
  }
}
