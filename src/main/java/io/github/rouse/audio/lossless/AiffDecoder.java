// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.audio.Skipping;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads AIFF and AIFF-C. javax.sound's reader demands the format before the samples, and knows few
 * codecs.
 */
public final class AiffDecoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public AiffDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    Skipping.skip(input.in(), 12);
    SampleStream part = new Aiff(input.in(), input.name(), input.bytes()).part();
    if (part == null) {
      throw new EOFException("no sample follows it");
    }
    return part;
  }

  private static final class Aiff extends Chunks {
    private static final int MOST_HELD = 1 << 28; // bytes of samples before their format
    private static final long PLACEHOLDER = 0x7F000000; // length in a pipe, and more

    private final String name;
    private PcmFormat format;
    private long bytes = -1; // of samples, or -1 if unknown
    private byte[] held; // samples before their format, else null
    private boolean delivers;

    Aiff(InputStream in, String name, long fileBytes) {
      super(in, ByteOrder.BIG_ENDIAN, fileBytes);
      this.name = name;
    }

    /** Reads up to the first sample, and its format if that comes later; null without any. */
    SampleStream part() throws IOException {
      while (!delivers && (format == null || held == null)) {
        if (!enter()) {
          return null;
        }
        follow();
      }
      if (held != null) {
        InputStream samples = new ByteArrayInputStream(held);
        long frames = held.length / format.frameBytes();
        held = null;
        return new SampleStream(samples, format, frames, false, this::next);
      }
      long frames = bytes <= 0 ? -1 : bytes / format.frameBytes();
      return new SampleStream(this, format, frames, false);
    }

    private SampleStream next() {
      try {
        return part();
      } catch (IOException e) {
        return null; // no samples in what is cut short
      }
    }

    @Override
    protected void follow() throws IOException {
      if (chunk().equals("COMM") && size() >= 18 && size() < 1 << 16) {
        format = format(content((int) size()));
      } else if (chunk().equals("SSND")) {
        samples();
      } else {
        content(0);
      }
    }

    private void samples() throws IOException {
      int offset = start(8).getInt();
      bytes = size() - 8 - offset;
      if (offset < 0 || (size() > 0 && bytes < 0)) {
        throw new AudioFormatException(name, "AIFF says an offset of " + offset + " bytes");
      }
      start(offset);
      boolean unknown = size() == 0 || (size() >= PLACEHOLDER && unread() < bytes);
      bytes = size() == 0 ? 0 : unknown ? -1 : bytes;
      if (format != null) {
        deliver(bytes, format.frameBytes());
        delivers = true;
        return;
      }
      if (unknown || bytes > MOST_HELD) {
        throw new AudioFormatException(name, "AIFF has its format after too many samples");
      }
      held = in.readNBytes((int) bytes);
      passed(bytes);
    }

    @Override
    protected boolean isSamples(String chunk) {
      return chunk.equals("SSND");
    }

    private PcmFormat format(ByteBuffer comm) throws IOException {
      int channels = comm.getShort(0) & 0xFFFF;
      int bits = comm.getShort(6) & 0xFFFF;
      byte[] letters = {'N', 'O', 'N', 'E'};
      if (comm.capacity() >= 22) {
        comm.position(18);
        comm.get(letters);
      }
      String codec = new String(letters, StandardCharsets.ISO_8859_1);
      boolean littleEndian = false;
      SampleFormat sample = SampleFormat.signed(Math.max(1, bits));
      switch (codec) {
        case "NONE", "twos", "in24", "in32" -> {}
        case "sowt", "42ni", "23ni" -> littleEndian = true;
        case "raw " -> sample = bits <= 8 ? SampleFormat.UNSIGNED_8 : null;
        case "fl32", "FL32" -> sample = SampleFormat.FLOAT_32;
        case "fl64", "FL64" -> sample = SampleFormat.FLOAT_64;
        case "alaw", "ALAW" -> sample = SampleFormat.A_LAW;
        case "ulaw", "ULAW" -> sample = SampleFormat.MU_LAW;
        default -> throw new Foreign("codec " + codec.strip() + " in AIFF-C");
      }
      if (codec.endsWith("24") || codec.startsWith("42")) {
        sample = SampleFormat.SIGNED_24;
      } else if (codec.equals("in32") || codec.equals("23ni")) {
        sample = SampleFormat.SIGNED_32;
      }
      if (sample == null) {
        throw new AudioFormatException(name, "AIFF says " + bits + " bits, expected up to 32");
      }
      int rate = (int) Math.round(extended(comm, 8));
      return SampleStream.checked(new PcmFormat(sample, !littleEndian, rate, channels), name);
    }

    /** An IEEE 754 number of 80 bits. */
    private static double extended(ByteBuffer bytes, int at) {
      int exponent = (bytes.getShort(at) & 0x7FFF) - 16383 - 63;
      long mantissa = bytes.getLong(at + 2);
      double unsigned = (mantissa >>> 1) * 2.0 + (mantissa & 1);
      return Math.min(Integer.MAX_VALUE, unsigned * Math.pow(2, exponent));
    }
  }
}
