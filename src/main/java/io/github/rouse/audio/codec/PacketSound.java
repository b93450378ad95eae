// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes packets, and leaves out what an encoder added before the first and after the last. */
abstract class PacketSound extends SampleStream.FrameBytes {
  private final Packets packets;
  private final PcmFormat format;
  private long skip; // frames to leave out at the start
  private long undecodable; // packets
  private Throwable reason; // of the first one

  /**
   * Starts before the first packet.
   *
   * @param format of the samples, little-endian
   * @param skip frames that the encoder added before the first one
   */
  PacketSound(Packets packets, PcmFormat format, long skip) {
    this.packets = packets;
    this.format = format;
    this.skip = skip;
  }

  /**
   * Decodes a packet; calls {@link #room} first.
   *
   * @return its frames
   * @throws IOException if it is damaged
   */
  protected abstract int decode(byte[] packet) throws IOException;

  /** Frames that a packet should have had, which are then silent. */
  protected abstract int silent(byte[] packet);

  /** Room for the samples of so many frames. */
  protected final ByteBuffer room(int frames) {
    int size = frames * format.frameBytes();
    if (bytes.length < size) {
      bytes = new byte[size];
    }
    return ByteBuffer.wrap(bytes, 0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  protected final boolean decode() throws IOException {
    Packets.Packet packet = packets.next();
    if (packet == null) {
      return false;
    }
    int frames;
    try {
      frames = decode(packet.bytes());
    } catch (AssertionError | IOException | RuntimeException e) { // of decoders, on damaged data
      undecodable++;
      reason = reason == null ? e : reason;
      frames = silent(packet.bytes());
      room(frames).put(new byte[frames * format.frameBytes()]);
    }
    int from = (int) Math.min(skip, frames);
    skip -= from;
    int to = Math.max(from, frames - packet.discard());
    read = from * format.frameBytes();
    decoded = to * format.frameBytes();
    return true;
  }

  /** The sound, as one of several tracks. */
  final SampleStream sound(int tracks) {
    return new SampleStream(this, format, -1, true, this::checkedEnd, tracks);
  }

  private SampleStream checkedEnd() throws IOException {
    if (undecodable > 0) {
      throw new IOException(
          undecodable + (undecodable == 1 ? " packet is" : " packets are") + " damaged", reason);
    }
    packets.checkEnd();
    return null;
  }

  @Override
  public final void close() throws IOException {
    packets.close();
  }
}
