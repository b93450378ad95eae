// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusMSDecoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import java.io.IOException;

/** Decodes Opus by Concentus, at 48 kHz. */
final class OpusSound extends PacketSound {
  private final OpusHead head;
  private final short[] samples; // interleaved
  private OpusDecoder decoder; // of one stream
  private OpusMSDecoder several; // of more than one, else null

  private OpusSound(Packets packets, OpusHead head, PcmFormat format, long skip)
      throws IOException {
    super(packets, format, skip);
    this.head = head;
    samples = new short[OpusHead.LONGEST * head.channels()];
    start();
  }

  /**
   * The sound of a track.
   *
   * @param skip frames to leave out at the start
   * @param name of the sound, for messages
   * @param tracks of the file
   */
  static SampleStream of(Packets packets, OpusHead head, long skip, String name, int tracks)
      throws IOException {
    PcmFormat format =
        SampleStream.checked(
            new PcmFormat(
                SampleFormat.SIGNED_16, /* bigEndian= */ false, OpusHead.RATE, head.channels()),
            name);
    return new OpusSound(packets, head, format, skip).sound(tracks);
  }

  private void start() throws IOException {
    try {
      if (head.streams() == 1 && head.coupled() == head.channels() - 1) {
        decoder = new OpusDecoder(OpusHead.RATE, head.channels());
        decoder.setGain(head.gain());
      } else {
        several =
            OpusMSDecoder.create(
                OpusHead.RATE, head.channels(), head.streams(), head.coupled(), head.mapping());
        several.setGain(head.gain());
      }
    } catch (OpusException | IllegalArgumentException e) {
      throw new IOException("its OpusHead is damaged", e);
    }
  }

  @Override
  protected int decode(byte[] packet) throws IOException {
    int expected = OpusHead.frames(packet);
    if (expected == 0) {
      throw new IOException("a packet has no length");
    }
    int frames;
    try {
      frames =
          several == null
              ? decoder.decode(packet, 0, packet.length, samples, 0, OpusHead.LONGEST, false)
              : several.decodeMultistream(
                  packet, 0, packet.length, samples, 0, OpusHead.LONGEST, 0);
    } catch (OpusException | RuntimeException | AssertionError e) {
      start(); // its state is in doubt
      throw new IOException(e);
    }
    if (frames != expected) {
      throw new IOException("a packet has another length than it says");
    }
    room(frames).asShortBuffer().put(samples, 0, frames * head.channels());
    return frames;
  }

  @Override
  protected int silent(byte[] packet) {
    return OpusHead.frames(packet);
  }
}
