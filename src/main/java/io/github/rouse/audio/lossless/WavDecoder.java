// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.audio.Skipping;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the samples of a WAV file. It is parsed here because javax.sound hides the raw length
 * fields, which tell a truncated file from one written to a pipe with its length unknown.
 */
public final class WavDecoder implements Decoder {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;

  /** For {@link Decoder#installed}, which finds it by name. */
  public WavDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    Wav wav = new Wav(input.in(), input.name(), input.bytes());
    try {
      Skipping.skip(input.in(), 12);
      SampleStream part = wav.part();
      if (part != null) {
        return part;
      }
    } catch (EOFException e) {
      throw new AudioFormatException(input.name(), "WAV header ends before the first sample", e);
    }
    throw new AudioFormatException(input.name(), "WAV header ends before the first sample");
  }

  /** The chunks of one file. */
  private static final class Wav extends Chunks {
    private final String name;
    private PcmFormat format; // of the samples
    private long dataBytes; // of the samples of this part, or -1 if unknown
    private long longDataBytes; // of a file over 4 GiB, from its ds64 chunk, or 0 if unknown
    private boolean delivers; // samples in this format

    Wav(InputStream in, String name, long fileBytes) {
      super(in, ByteOrder.LITTLE_ENDIAN, fileBytes);
      this.name = name;
    }

    /** Reads up to the next sample; null if there is none. */
    SampleStream part() throws IOException {
      while (!delivers) {
        if (!enter()) {
          return null;
        }
        follow();
      }
      long frames = dataBytes <= 0 ? -1 : dataBytes / format.frameBytes();
      return new SampleStream(this, format, frames, false, this::next);
    }

    /** Samples in another format, if the file goes on with them. */
    private SampleStream next() throws IOException {
      try {
        return delivers ? null : part();
      } catch (EOFException e) {
        return null; // no samples in what is cut short
      }
    }

    @Override
    protected void follow() throws IOException {
      if (chunk().equals("data")) {
        if (format == null) {
          throw new AudioFormatException(name, "WAV has no format before its samples");
        }
        dataBytes = dataBytes();
        deliver(dataBytes, format.frameBytes());
        delivers = true;
      } else if (chunk().equals("fmt ") && size() >= 14 && size() < 1 << 16) {
        PcmFormat read = SampleStream.checked(format(content((int) size()), name), name);
        if (delivers && !read.equals(format)) {
          end();
          delivers = false;
        }
        format = read;
      } else if (chunk().equals("ds64") && size() >= 16 && size() < 1 << 16) {
        longDataBytes = content(16).getLong(8);
      } else {
        content(0);
      }
    }

    @Override
    protected boolean isSamples(String chunk) {
      return chunk.equals("data");
    }

    /**
     * Recognises the placeholder lengths of programs that write to a pipe and cannot go back to
     * fill in the length. GStreamer's is 0: the samples go on, as after any length that is too
     * small.
     */
    private long dataBytes() {
      long size = size();
      if (size == 0xFFFFFFFFL && longDataBytes > 0) {
        return longDataBytes;
      }
      boolean unknown =
          (size >= 0x7FFF0000L && size <= 0x80001000L) // SoX, arecord
              || size >= 0xFFFF0000L; // ffmpeg
      return unknown && unread() < size ? -1 : size;
    }
  }

  private static PcmFormat format(ByteBuffer fmt, String name) throws IOException {
    int codec = fmt.getShort(0) & 0xFFFF;
    int channels = fmt.getShort(2) & 0xFFFF;
    long rate = fmt.getInt(4) & 0xFFFFFFFFL;
    int frameBytes = fmt.getShort(12) & 0xFFFF;
    int bits = fmt.capacity() >= 16 ? fmt.getShort(14) & 0xFFFF : 8;
    if (codec == EXTENSIBLE && fmt.capacity() >= 26) {
      codec = fmt.getShort(24) & 0xFFFF; // the first two bytes of the sub-format's GUID
    }
    SampleFormat sample =
        switch (codec) {
          case PCM ->
              bits > 8 ? SampleFormat.signed(bits) : bits == 8 ? SampleFormat.UNSIGNED_8 : null;
          case FLOAT ->
              bits == 32 ? SampleFormat.FLOAT_32 : bits == 64 ? SampleFormat.FLOAT_64 : null;
          case A_LAW -> SampleFormat.A_LAW;
          case MU_LAW -> SampleFormat.MU_LAW;
          default -> throw new Decoder.Foreign(named(codec) + " in WAV");
        };
    if (sample == null || sample.bytes * channels != frameBytes) {
      throw new AudioFormatException(
          name,
          String.format(
              "WAV header says %d bits and %d channels in %d bytes, which is not supported",
              bits, channels, frameBytes));
    }
    return new PcmFormat(
        sample, /* bigEndian= */ false, (int) Math.min(rate, Integer.MAX_VALUE), channels);
  }

  private static String named(int codec) {
    return switch (codec) {
      case 0x02 -> "Microsoft ADPCM";
      case 0x11 -> "IMA ADPCM";
      case 0x31 -> "GSM 6.10";
      case 0x50, 0x55 -> "MPEG audio";
      case 0xFF -> "AAC";
      default -> String.format("codec 0x%04X", codec);
    };
  }
}
