// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.library.Library;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Decodes Apple's Core Audio Format with PCM, A-law, µ-law or Opus. */
public final class CafDecoder implements Decoder {
  private static final int MOST_HELD = 1 << 26; // bytes of a chunk that is read as a whole
  private static final int FLOAT = 1; // flag
  private static final int LITTLE_ENDIAN = 2; // flag

  /** For {@link Decoder#installed}, which finds it by name. */
  public CafDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    FileChannel file = FileChannel.open(input.file());
    try {
      return new Caf(file, input.name()).sound();
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** The chunks of one file. */
  private static final class Caf {
    private final FileChannel file;
    private final String name;
    private ByteBuffer format;
    private ByteBuffer cookie; // of the codec, or null
    private ByteBuffer table; // of packets, or null
    private long from = -1; // start of the samples in the file
    private long size; // bytes of samples, or -1 if unknown

    Caf(FileChannel file, String name) throws IOException {
      this.file = file;
      this.name = name;
      for (long at = 8; at + 12 <= file.size(); ) {
        ByteBuffer head = bytes(at, 12);
        String type = letters(head);
        long length = head.getLong();
        at += 12;
        if (length < (type.equals("data") ? -1 : 0)) {
          throw new AudioFormatException(name, "CAF says a chunk of " + length + " bytes");
        }
        switch (type) {
          case "desc" -> format = bytes(at, 32);
          case "kuki" -> cookie = bytes(at, length);
          case "pakt" -> table = bytes(at, length);
          case "data" -> {
            from = at + 4; // after the count of edits
            size = length < 0 ? -1 : length - 4;
          }
          default -> {}
        }
        if (length < 0 || length > file.size() - at) {
          break;
        }
        at += length;
      }
      if (format == null || from < 0) {
        throw new EOFException("no sample follows it");
      }
    }

    private ByteBuffer bytes(long at, long count) throws IOException {
      if (count > Math.min(MOST_HELD, file.size() - at)) {
        throw new EOFException("it ends early");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) count);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, at + bytes.position()) < 0) {
          throw new EOFException("it ends early");
        }
      }
      return bytes.flip();
    }

    private static String letters(ByteBuffer in) {
      byte[] letters = new byte[4];
      in.get(letters);
      return new String(letters, StandardCharsets.ISO_8859_1);
    }

    SampleStream sound() throws IOException {
      int rate = (int) Math.round(Math.min(format.getDouble(), Integer.MAX_VALUE));
      String codec = letters(format);
      int flags = format.getInt();
      int packetBytes = format.getInt();
      int packetFrames = format.getInt();
      int channels = format.getInt();
      int bits = format.getInt();
      if (codec.equals("opus")) {
        SampleStream.checked(
            new PcmFormat(SampleFormat.SIGNED_16, /* bigEndian= */ false, rate, channels), name);
        return opus(new CafPackets.PacketLayout(rate, packetBytes, packetFrames), channels);
      }
      SampleFormat sample =
          switch (codec) {
            case "alaw" -> SampleFormat.A_LAW;
            case "ulaw" -> SampleFormat.MU_LAW;
            case "lpcm" ->
                (flags & FLOAT) == 0
                    ? SampleFormat.signed(Math.max(1, bits))
                    : bits == 64 ? SampleFormat.FLOAT_64 : SampleFormat.FLOAT_32;
            default -> throw new Foreign(codec.replace(".", "").strip() + " in CAF");
          };
      boolean bigEndian = (flags & LITTLE_ENDIAN) == 0;
      if (sample == null || sample.bytes * (long) channels != packetBytes) {
        throw new Foreign(bits + " bits in " + packetBytes + " bytes in CAF");
      }
      PcmFormat pcm = SampleStream.checked(new PcmFormat(sample, bigEndian, rate, channels), name);
      long frames = size < 0 ? -1 : size / packetBytes;
      long end = size < 0 ? file.size() : from + frames * packetBytes;
      return new SampleStream(new Samples(file, from, end), pcm, frames, false);
    }

    private SampleStream opus(CafPackets.PacketLayout layout, int channels) throws IOException {
      Library.CONCENTUS.require();
      if (table == null && layout.bytes() == 0) {
        throw new AudioFormatException(
            name, "has no table of packets: its recording was not finished");
      }
      byte[] kuki = new byte[cookie == null ? 0 : cookie.remaining()];
      if (cookie != null) {
        cookie.get(0, kuki);
      }
      OpusHead head =
          new String(kuki, StandardCharsets.ISO_8859_1).startsWith("OpusHead")
              ? OpusHead.parse(kuki)
              : OpusHead.plain(channels); // Apple's own cookie repeats what the format says
      long end = size < 0 ? file.size() : from + size;
      CafPackets packets = new CafPackets(file, from, end, table, layout);
      long skip = packets.priming() > 0 ? packets.priming() : head.preSkip();
      return OpusSound.of(packets, head, skip, name, 1);
    }
  }

  /** Bytes of samples. */
  private static final class Samples extends SampleStream.BulkBytes {
    private final FileChannel file;
    private final long end;
    private long at;

    Samples(FileChannel file, long from, long end) {
      this.file = file;
      this.end = end;
      at = from;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int most = (int) Math.min(length, end - at);
      int n = most == 0 ? -1 : file.read(ByteBuffer.wrap(into, from, most), at);
      at += Math.max(0, n);
      return n;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
