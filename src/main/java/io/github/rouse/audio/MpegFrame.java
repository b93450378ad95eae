// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/**
 * The header of an MPEG audio frame (ISO 11172-3, 13818-3, and the unofficial version 2.5).
 *
 * @param version as coded: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
 * @param layer 1 to 3
 * @param sampleRate in Hz
 * @param channels 1 or 2
 * @param bytes of the frame
 * @param checked whether a checksum follows the header
 */
public record MpegFrame(
    int version, int layer, int sampleRate, int channels, int bytes, boolean checked) {
  /** Bytes of the header. */
  public static final int HEAD = 4;

  private static final int[][] KBITS_1 = { // [layer - 1], of MPEG 1
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
  };
  private static final int[][] KBITS_2 = { // [layer - 1], of MPEG 2 and 2.5
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
  };
  private static final int[] RATES = {44100, 48000, 32000}; // Hz, of MPEG 1; halved for 2 and 2.5

  /**
   * Whether consecutive frames begin in the first few kilobytes. Three in a row are needed, or as
   * many as fit into the bytes, because the sync code has only 11 bits.
   *
   * @param tagged whether an ID3 tag precedes: one frame is then enough
   */
  static boolean startsIn(byte[] head, boolean tagged) {
    for (int start = 0; start + HEAD <= Math.min(head.length, 4096); start++) {
      if (startsAt(head, start, tagged)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsAt(byte[] head, int start, boolean tagged) {
    MpegFrame first = at(head, start);
    if (first == null) {
      return false;
    }
    int at = start;
    int frames = 0;
    for (MpegFrame next = first;
        frames < 3 && next != null && next.continues(first);
        next = at(head, at)) {
      at += next.bytes();
      frames++;
    }
    return frames == 3 || tagged || (start == 0 && at >= head.length);
  }

  /**
   * Whether frames of free format begin here: their bit rate is not in their header, so it takes
   * three at equal distances.
   */
  static boolean isFree(byte[] head, int at) {
    if (!free(head, at)) {
      return false;
    }
    for (int second = at + 24; second < Math.min(head.length, at + 4096); second++) {
      int length = second - at;
      if (free(head, second)
          && head[second + 1] == head[at + 1]
          && (head[second + 2] & 0xFC) == (head[at + 2] & 0xFC)
          && (free(head, second + length) || free(head, second + length + 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean free(byte[] head, int at) {
    return at + HEAD <= head.length
        && head[at] == -1
        && (head[at + 1] & 0xE0) == 0xE0
        && (head[at + 1] >> 3 & 3) != 1
        && (head[at + 1] >> 1 & 3) != 0
        && (head[at + 2] & 0xF0) == 0
        && (head[at + 2] & 0x0C) != 0x0C;
  }

  /** Whether so many frames of one format begin in a row. */
  static boolean inARow(byte[] bytes, int start, int frames) {
    MpegFrame first = at(bytes, start);
    int at = start;
    for (int i = 0; i < frames; i++) {
      MpegFrame next = first == null ? null : at(bytes, at);
      if (next == null || !next.continues(first)) {
        return false;
      }
      at += next.bytes();
    }
    return true;
  }

  /**
   * Parses a header.
   *
   * @param head holds it
   * @param at index of its first byte
   * @return null if there is none
   */
  public static MpegFrame at(byte[] head, int at) {
    if (at + HEAD > head.length || head[at] != -1 || (head[at + 1] & 0xE0) != 0xE0) {
      return null;
    }
    int version = head[at + 1] >> 3 & 3;
    int layer = 4 - (head[at + 1] >> 1 & 3);
    int bitRate = head[at + 2] >> 4 & 15;
    int rate = head[at + 2] >> 2 & 3;
    if (version == 1 || layer == 4 || bitRate == 0 || bitRate == 15 || rate == 3) {
      return null;
    }
    int padding = head[at + 2] >> 1 & 1;
    int hertz = RATES[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    int bits = 1000 * (version == 3 ? KBITS_1 : KBITS_2)[layer - 1][bitRate];
    int channels = (head[at + 3] >> 6 & 3) == 3 ? 1 : 2;
    int bytes =
        layer == 1
            ? 4 * (12 * bits / hertz + padding)
            : (layer == 3 && version != 3 ? 72 : 144) * bits / hertz + padding;
    return new MpegFrame(version, layer, hertz, channels, bytes, (head[at + 1] & 1) == 0);
  }

  /** Samples of a channel. */
  public int samples() {
    return layer == 1 ? 384 : layer == 3 && version != 3 ? 576 : 1152;
  }

  /** Whether the frame has the version, layer and rate of another. */
  public boolean continues(MpegFrame other) {
    return version == other.version && layer == other.layer && sampleRate == other.sampleRate;
  }
}
