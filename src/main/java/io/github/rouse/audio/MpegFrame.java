// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/** Parses headers of MPEG audio frames, layer III, to tell MP3 from bytes that look like it. */
final class MpegFrame {
  private static final int[] KBITS_1 = { // of MPEG 1
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBITS_2 = { // of MPEG 2 and 2.5
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES = {44100, 48000, 32000}; // Hz, of MPEG 1; halved for 2 and 2.5

  private MpegFrame() {}

  /**
   * Whether consecutive frames begin in the first few kilobytes. Three in a row are needed, or as
   * many as fit into the bytes, because the sync code has only 11 bits.
   *
   * @param tagged whether an ID3 tag precedes: one frame is then enough
   */
  static boolean startsIn(byte[] head, boolean tagged) {
    for (int start = 0; start + 4 <= Math.min(head.length, 4096); start++) {
      int at = start;
      int frames = 0;
      for (int length; frames < 3 && (length = length(head, at)) > 0; frames++) {
        at += length;
      }
      if (frames == 3 || (frames > 0 && (tagged || (start == 0 && at >= head.length)))) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of the frame whose header is at {@code at}, or 0 if there is none. */
  private static int length(byte[] head, int at) {
    if (at + 4 > head.length || head[at] != -1 || (head[at + 1] & 0xE6) != 0xE2) {
      return 0; // not sync and layer III
    }
    int version = head[at + 1] >> 3 & 3; // 0: 2.5, 2: 2, 3: 1
    int bitRate = head[at + 2] >> 4 & 15;
    int rate = head[at + 2] >> 2 & 3;
    if (version == 1 || bitRate == 0 || bitRate == 15 || rate == 3) {
      return 0;
    }
    int padding = head[at + 2] >> 1 & 1;
    return version == 3
        ? 144_000 * KBITS_1[bitRate] / RATES[rate] + padding
        : 72_000 * KBITS_2[bitRate] / (RATES[rate] >> (version == 2 ? 1 : 2)) + padding;
  }
}
