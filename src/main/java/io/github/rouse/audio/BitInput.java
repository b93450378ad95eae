// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads bits from bytes, most significant first, and computes the CRC-16 (polynomial 0x8005). */
public final class BitInput {
  private static final int[] CRC = table();

  private final InputStream in;
  private long bits; // the lowest {@code count} are unread
  private int count; // below 8 between calls
  private int crc;

  public BitInput(InputStream in) {
    this.in = in;
  }

  /** Reads up to 33 bits, unsigned. */
  public long unsigned(int length) throws IOException {
    while (count < length) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("file ends inside a frame");
      }
      take(next);
    }
    count -= length;
    return (bits >>> count) & ((1L << length) - 1);
  }

  /** Reads up to 33 bits, two's complement. */
  public long signed(int length) throws IOException {
    return length == 0 ? 0 : unsigned(length) << (64 - length) >> (64 - length);
  }

  /** Counts the zeros before the next 1 bit, and consumes all of them. */
  public int zeros() throws IOException {
    int zeros = 0;
    while (unsigned(1) == 0) {
      zeros++;
    }
    return zeros;
  }

  /** Whether more bytes follow; starts a new checksum if so. Call it at a byte boundary. */
  public boolean startsFrame() throws IOException {
    int next = in.read();
    if (next < 0) {
      return false;
    }
    crc = 0;
    take(next);
    return true;
  }

  /** Skips to the next byte, and compares the checksum so far with the one that follows. */
  public boolean endsFrame() throws IOException {
    count = 0;
    int expected = crc;
    return unsigned(16) == expected;
  }

  private void take(int next) {
    bits = (bits << 8) | next;
    count += 8;
    crc = ((crc << 8) ^ CRC[(crc >> 8) ^ next]) & 0xFFFF;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        value = (value << 1) ^ ((value & 0x8000) != 0 ? 0x8005 : 0);
      }
      table[i] = value & 0xFFFF;
    }
    return table;
  }
}
