// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The Opus packets of a Core Audio file. */
final class CafPackets implements Packets {
  /**
   * What the format says of packets.
   *
   * @param rate in Hz, of the frames below and in the table
   * @param bytes of each packet, or 0 if they differ
   * @param frames of each packet, or 0 if they differ
   */
  record PacketLayout(int rate, int bytes, int frames) {}

  private static final int TABLE_HEAD = 24; // bytes
  private static final int MOST_BYTES = 255 * 1275 * 6; // of a packet: any number of streams

  private final FileChannel file;
  private final long end;
  private final ByteBuffer sizes; // of the packets left, or null
  private final PacketLayout layout;
  private long left; // packets
  private int priming; // frames at 48 kHz
  private int remainder; // frames at 48 kHz
  private long at;

  /**
   * Starts at the first packet.
   *
   * @param table of packets, or null if all have the same size
   */
  CafPackets(FileChannel file, long from, long end, ByteBuffer table, PacketLayout layout)
      throws IOException {
    this.file = file;
    this.end = end;
    this.layout = layout;
    sizes = table;
    at = from;
    left = layout.bytes() == 0 ? 0 : (end - from) / layout.bytes();
    if (table != null) {
      if (table.remaining() < TABLE_HEAD) {
        throw new EOFException("its table of packets is too short");
      }
      left = table.getLong();
      table.getLong(); // frames that are heard
      priming = at48(table.getInt());
      remainder = at48(table.getInt());
    }
  }

  private int at48(int frames) {
    return Math.max(
        0, (int) Math.min(OpusHead.RATE, (long) frames * OpusHead.RATE / layout.rate()));
  }

  /** Frames at 48 kHz that the encoder added before the first one, or 0 if the table has none. */
  int priming() {
    return priming;
  }

  @Override
  public Packet next() throws IOException {
    if (left <= 0) {
      return null;
    }
    long size = size();
    if (size < 1 || size > MOST_BYTES) {
      left = 0;
      throw new IOException("a packet of " + size + " bytes is damaged");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    while (bytes.hasRemaining() && at + bytes.position() < Math.min(end, file.size())) {
      file.read(bytes, at + bytes.position());
    }
    if (bytes.hasRemaining()) {
      return null; // checkEnd() complains
    }
    at += size;
    left--;
    return new Packet(bytes.array(), left == 0 ? remainder : 0);
  }

  private long size() throws IOException {
    try {
      long size = layout.bytes() == 0 ? number() : layout.bytes();
      if (layout.frames() == 0 && sizes != null) {
        number(); // its frames, which the packet says too
      }
      return size;
    } catch (BufferUnderflowException e) {
      left = 0;
      throw new IOException("the table of packets is cut short", e);
    }
  }

  /** A number in groups of seven bits. */
  private long number() {
    long value = 0;
    byte next;
    do {
      next = sizes.get();
      value = value << 7 | (next & 0x7F);
    } while (next < 0 && value < MOST_BYTES);
    return value;
  }

  @Override
  public void checkEnd() throws IOException {
    if (left > 0) {
      throw new IOException("the file is cut short: " + left + " packets are missing");
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
