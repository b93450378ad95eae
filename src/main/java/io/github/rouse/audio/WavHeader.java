// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The header of a WAV file. It is parsed here because javax.sound hides the raw length fields,
 * which tell a truncated file from one written to a pipe with its length unknown.
 *
 * @param format of the samples
 * @param dataBytes bytes of samples, or -1 to read to the end
 */
record WavHeader(PcmFormat format, long dataBytes) {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;

  /**
   * Reads up to the first sample.
   *
   * @param in at "RIFF", "RF64" or "BW64"
   * @param name of the sound, for messages
   * @param fileBytes bytes from here to the end, or -1 if unknown
   */
  static WavHeader read(InputStream in, String name, long fileBytes) throws IOException {
    try {
      Skipping.skip(in, 12);
      long at = 12; // bytes from the start
      long longDataBytes = -1; // of a file over 4 GiB, from its ds64 chunk
      PcmFormat format = null;
      while (true) {
        ByteBuffer head = bytes(in, 8);
        byte[] id = new byte[4];
        head.get(id);
        String chunk = new String(id, StandardCharsets.ISO_8859_1);
        long size = head.getInt(4) & 0xFFFFFFFFL;
        at += 8;
        if (chunk.equals("data")) {
          if (format == null) {
            throw new AudioFormatException(name, "WAV has no format before its samples");
          }
          long left = fileBytes < 0 ? -1 : fileBytes - at;
          return new WavHeader(format, dataBytes(size, longDataBytes, left));
        }
        if (chunk.equals("fmt ") && size >= 14 && size < 1 << 16) {
          format = format(bytes(in, (int) size), name);
        } else if (chunk.equals("ds64") && size >= 16 && size < 1 << 16) {
          longDataBytes = bytes(in, (int) size).getLong(8);
        } else {
          Skipping.skip(in, size);
        }
        Skipping.skip(in, size & 1); // chunks start at even offsets
        at += size + (size & 1);
      }
    } catch (EOFException e) {
      throw new AudioFormatException(name, "WAV header ends before the first sample", e);
    }
  }

  /**
   * Recognises the placeholder lengths of programs that write to a pipe and cannot go back to fill
   * in the length.
   */
  private static long dataBytes(long size, long longDataBytes, long left) {
    if (size == 0xFFFFFFFFL && longDataBytes >= 0) {
      return longDataBytes;
    }
    boolean unknown =
        size == 0 // GStreamer
            || (size >= 0x7FFF0000L && size <= 0x80001000L) // SoX, arecord
            || size >= 0xFFFF0000L; // ffmpeg
    return unknown && (size == 0 || left < size) ? -1 : size;
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
          default ->
              throw new AudioFormatException(
                  name,
                  String.format("WAV with codec 0x%04X%s is not supported", codec, of(codec)));
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

  private static String of(int codec) {
    return switch (codec) {
      case 0x02 -> " (Microsoft ADPCM)";
      case 0x11 -> " (IMA ADPCM)";
      case 0x31 -> " (GSM 6.10)";
      case 0x50, 0x55 -> " (MPEG)";
      default -> "";
    };
  }

  private static ByteBuffer bytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
