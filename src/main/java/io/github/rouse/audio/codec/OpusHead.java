// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The header of an Opus stream (RFC 7845, section 5.1).
 *
 * @param channels of the samples
 * @param preSkip frames at 48 kHz to leave out at the start
 * @param gain to apply, in 1/256 dB
 * @param streams coded streams in each packet
 * @param coupled of which the first so many are stereo
 * @param mapping [channels], the decoded channel that each one takes; 255 is silence
 */
record OpusHead(int channels, int preSkip, int gain, int streams, int coupled, short[] mapping) {
  static final int RATE = 48_000; // Hz: at lower ones, Concentus decodes hybrid packets to silence
  static final int LONGEST = 5760; // frames of a packet

  private static final int MAGIC = 8; // bytes
  private static final int[] SILK = {480, 960, 1920, 2880}; // frames
  private static final int[] CELT = {120, 240, 480, 960}; // frames

  /** Parses the header as Ogg, Matroska and CAF have it. */
  static OpusHead parse(byte[] bytes) throws IOException {
    String magic = new String(bytes, 0, Math.min(MAGIC, bytes.length), StandardCharsets.ISO_8859_1);
    if (!magic.equals("OpusHead")) {
      throw new IOException("it has no OpusHead");
    }
    return parse(ByteBuffer.wrap(bytes).position(MAGIC).slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The header of one or two channels without a delay, where a file has none. */
  static OpusHead plain(int channels) throws IOException {
    if (channels > 2) {
      throw new IOException("it has no OpusHead, which says what its channels are");
    }
    return new OpusHead(channels, 0, 0, 1, channels - 1, new short[] {0, 1});
  }

  /** Parses the header as MP4 has it. */
  static OpusHead ofMp4(ByteBuffer box) throws IOException {
    return parse(box.slice().order(ByteOrder.BIG_ENDIAN));
  }

  private static OpusHead parse(ByteBuffer in) throws IOException {
    if (in.remaining() < 11) {
      throw new IOException("its OpusHead is too short");
    }
    if ((in.get() & 0xF0) != 0) {
      throw new IOException("its Opus version is unknown");
    }
    int channels = in.get() & 0xFF;
    int preSkip = in.getShort() & 0xFFFF;
    in.getInt(); // sample rate before encoding
    int gain = in.getShort();
    int family = in.get() & 0xFF;
    if (family == 0) {
      if (channels < 1 || channels > 2) {
        throw new IOException("its OpusHead says " + channels + " channels");
      }
      return new OpusHead(channels, preSkip, gain, 1, channels - 1, new short[] {0, 1});
    }
    if (in.remaining() < 2 + channels || channels < 1) {
      throw new IOException("its OpusHead is too short");
    }
    if (family != 1 && family != 2 && family != 255) {
      throw new IOException("its Opus channels have the unknown mapping family " + family);
    }
    int streams = in.get() & 0xFF;
    int coupled = in.get() & 0xFF;
    short[] mapping = new short[channels];
    boolean valid = streams >= 1 && coupled <= streams && streams + coupled <= 255;
    for (int c = 0; c < channels; c++) {
      mapping[c] = (short) (in.get() & 0xFF);
      valid &= mapping[c] == 255 || mapping[c] < streams + coupled;
    }
    if (!valid) {
      throw new IOException("its OpusHead maps channels to streams that it does not have");
    }
    return new OpusHead(channels, preSkip, gain, streams, coupled, mapping);
  }

  /** Frames at 48 kHz that a packet decodes to (RFC 6716, section 3.1); 0 if it is damaged. */
  static int frames(byte[] packet) {
    if (packet.length == 0) {
      return 0;
    }
    int config = (packet[0] & 0xFF) >> 3;
    int each =
        config < 12 ? SILK[config & 3] : config < 16 ? 480 << (config & 1) : CELT[config & 3];
    int code = packet[0] & 3;
    int count = code == 0 ? 1 : code < 3 ? 2 : packet.length < 2 ? 0 : packet[1] & 0x3F;
    return each * count > LONGEST ? 0 : each * count;
  }
}
