// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An element of an EBML document (RFC 8794) in memory.
 *
 * @param id with its length marker
 * @param content from its position to its limit
 */
record Ebml(long id, ByteBuffer content) {
  private static final int MOST_ID = 4; // bytes

  /** The element that begins at a buffer's position, which moves behind it; null at the end. */
  static Ebml next(ByteBuffer in) throws IOException {
    if (!in.hasRemaining()) {
      return null;
    }
    int idBytes = length(in.get(in.position()));
    if (idBytes > MOST_ID || in.remaining() <= idBytes) {
      throw new EOFException("an element is cut short");
    }
    long id = number(in, idBytes);
    long size = size(in);
    if (size < 0 || size > in.remaining()) {
      throw new EOFException("an element is cut short");
    }
    ByteBuffer content = in.slice(in.position(), (int) size);
    in.position(in.position() + (int) size);
    return new Ebml(id, content);
  }

  /** A size of variable length at a buffer's position; -1 if unknown. */
  static long size(ByteBuffer in) throws IOException {
    int bytes = in.hasRemaining() ? length(in.get(in.position())) : 9;
    if (bytes > 8 || bytes > in.remaining()) {
      throw new EOFException("an element is cut short");
    }
    long value = number(in, bytes) & (1L << (7 * bytes)) - 1;
    return value == (1L << (7 * bytes)) - 1 ? -1 : value;
  }

  /** Bytes of a number whose first byte is this one; 9 if it is none. */
  static int length(byte first) {
    return Integer.numberOfLeadingZeros(first & 0xFF) - 23;
  }

  private static long number(ByteBuffer in, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | (in.get() & 0xFF);
    }
    return value;
  }

  long unsigned() throws IOException {
    return number(integer(), content.remaining());
  }

  long signed() throws IOException {
    int bytes = integer().remaining();
    return bytes == 0
        ? 0
        : number(content.duplicate(), bytes) << (64 - 8 * bytes) >> (64 - 8 * bytes);
  }

  private ByteBuffer integer() throws IOException {
    if (content.remaining() > 8) {
      throw new IOException("a number has " + content.remaining() + " bytes");
    }
    return content.duplicate();
  }

  double real() throws IOException {
    return switch (content.remaining()) {
      case 0 -> 0;
      case 4 -> content.getFloat(content.position());
      case 8 -> content.getDouble(content.position());
      default -> throw new IOException("a number has " + content.remaining() + " bytes");
    };
  }

  String text() {
    String text = new String(bytes(), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  byte[] bytes() {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  /** The head of an element in a stream. */
  record Start(long id, long size, int bytes) {
    /** Reads it; null at the end of the stream. An identifier of 0 is none. */
    static Start read(InputStream in) throws IOException {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      int idBytes = length((byte) first);
      if (idBytes > MOST_ID) {
        return new Start(0, 0, 1);
      }
      byte[] head = Arrays.copyOf(new byte[] {(byte) first}, idBytes + 8);
      int read = 1 + in.readNBytes(head, 1, idBytes);
      if (read < idBytes + 1) {
        throw new EOFException("an element is cut short");
      }
      int sizeBytes = length(head[idBytes]);
      if (sizeBytes > 8) {
        return new Start(0, 0, read);
      }
      read += in.readNBytes(head, read, sizeBytes - 1);
      ByteBuffer fields = ByteBuffer.wrap(head, 0, read);
      return new Start(number(fields, idBytes), Ebml.size(fields), read);
    }
  }
}
