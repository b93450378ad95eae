// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.Container;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.audio.Skipping;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads AU, Sun's format with a header of six numbers. */
public final class AuDecoder implements Decoder {
  private static final int HEAD = 24; // bytes, and then a text

  /** For {@link Decoder#installed}, which finds it by name. */
  public AuDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    InputStream in = input.in();
    String name = input.name();
    byte[] head = in.readNBytes(HEAD);
    if (head.length < HEAD) {
      throw new EOFException("it ends early");
    }
    ByteBuffer fields = ByteBuffer.wrap(head); // big-endian
    long offset = fields.getInt(4) & 0xFFFFFFFFL;
    long bytes = fields.getInt(8) & 0xFFFFFFFFL;
    int encoding = fields.getInt(12);
    int rate = fields.getInt(16);
    int channels = fields.getInt(20);
    SampleFormat sample =
        switch (encoding) {
          case 1 -> SampleFormat.MU_LAW;
          case 2 -> SampleFormat.SIGNED_8;
          case 3 -> SampleFormat.SIGNED_16;
          case 4 -> SampleFormat.SIGNED_24;
          case 5 -> SampleFormat.SIGNED_32;
          case 6 -> SampleFormat.FLOAT_32;
          case 7 -> SampleFormat.FLOAT_64;
          case 27 -> SampleFormat.A_LAW;
          default -> throw new Foreign("encoding " + encoding + " in AU");
        };
    PcmFormat format =
        SampleStream.checked(new PcmFormat(sample, /* bigEndian= */ true, rate, channels), name);
    Skipping.skip(in, Math.max(0, offset - HEAD));
    boolean known = bytes > 0 && bytes < 0xFFFFFFFFL;
    long frames = known ? bytes / format.frameBytes() : -1;
    return new SampleStream(new AuSamples(in, known ? bytes : 0), format, frames, false);
  }

  /** The samples: all that follow, whatever the header says, up to another file. */
  private static final class AuSamples extends SampleStream.BulkBytes {
    private final InputStream in;
    private long left; // bytes the header promises, or -1 for all that follow

    AuSamples(InputStream in, long bytes) {
      this.in = in;
      left = bytes;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (left == 0) {
        if (Container.begins(in)) {
          return -1;
        }
        left = -1;
      }
      int n = in.read(into, from, left < 0 ? length : (int) Math.min(left, length));
      left -= left < 0 ? 0 : n;
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
