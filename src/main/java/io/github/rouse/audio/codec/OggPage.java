// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Container;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A page of an Ogg file (RFC 3533).
 *
 * @param flags as coded
 * @param granule position at its end: for Vorbis, in samples
 * @param serial number of its stream
 * @param lacing lengths of its segments
 * @param body the segments
 * @param skipped damaged bytes before it
 */
record OggPage(int flags, long granule, int serial, byte[] lacing, byte[] body, long skipped) {
  private static final int HEAD = 27; // bytes
  private static final int LONGEST = HEAD + 255 + 255 * 255; // bytes
  private static final int[] CRC = table();

  /**
   * Reads the next intact page, if one follows in this stream.
   *
   * @param in supports mark; before the page, or behind it
   * @param within whether a page that begins a stream is left unread
   * @return null at the end; a page without segments if only damaged bytes remain
   */
  static OggPage read(InputStream in, boolean within) throws IOException {
    long skipped = 0;
    while (true) {
      in.mark(LONGEST);
      OggPage page = parse(in, skipped);
      if (page != null && !(within && page.begins())) {
        return page;
      }
      in.reset();
      if (page != null || (Container.begins(in) && !startsPage(in))) {
        return rest(skipped);
      }
      in.mark(1);
      if (in.read() < 0) {
        return rest(skipped);
      }
      skipped++;
      skipped += toLetter(in);
    }
  }

  private static OggPage rest(long skipped) {
    return skipped == 0 ? null : new OggPage(0, -1, 0, new byte[0], new byte[0], skipped);
  }

  private static boolean startsPage(InputStream in) throws IOException {
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    return new String(magic, StandardCharsets.ISO_8859_1).equals("OggS");
  }

  /** Skips to the next "O"; returns the number of bytes. */
  private static long toLetter(InputStream in) throws IOException {
    long bytes = 0;
    while (true) {
      in.mark(1);
      int next = in.read();
      if (next < 0) {
        return bytes;
      }
      if (next == 'O') {
        in.reset();
        return bytes;
      }
      bytes++;
    }
  }

  /** Reads a page; null if it is incomplete or damaged. */
  private static OggPage parse(InputStream in, long skipped) throws IOException {
    byte[] head = in.readNBytes(HEAD);
    if (head.length < HEAD || !new String(head, 0, 4, StandardCharsets.ISO_8859_1).equals("OggS")) {
      return null;
    }
    byte[] lacing = in.readNBytes(head[26] & 0xFF);
    int bytes = 0;
    for (byte segment : lacing) {
      bytes += segment & 0xFF;
    }
    byte[] body = in.readNBytes(bytes);
    ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int expected = fields.getInt(22);
    fields.putInt(22, 0);
    if (lacing.length < (head[26] & 0xFF)
        || body.length < bytes
        || crc(crc(crc(0, head), lacing), body) != expected) {
      return null;
    }
    return new OggPage(head[5], fields.getLong(6), fields.getInt(14), lacing, body, skipped);
  }

  /** Whether its first segment continues a packet. */
  boolean continues() {
    return (flags & 1) != 0;
  }

  /** Whether it is the first of its stream. */
  boolean begins() {
    return (flags & 2) != 0;
  }

  /** Whether it is the last of its stream. */
  boolean ends() {
    return (flags & 4) != 0;
  }

  private static int crc(int start, byte[] bytes) {
    int crc = start;
    for (byte next : bytes) {
      crc = (crc << 8) ^ CRC[(crc >>> 24) ^ (next & 0xFF)];
    }
    return crc;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        value = (value << 1) ^ (value < 0 ? 0x04C11DB7 : 0);
      }
      table[i] = value;
    }
    return table;
  }
}
