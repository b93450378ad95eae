// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

/**
 * The time stamps of a stream's latest chunks. One thread adds them, another asks for the chunk in
 * which a word ended.
 */
final class ChunkTimes {
  private static final int KEPT = 4096; // 40 s in chunks of 10 ms

  private final long[] begins = new long[KEPT]; // ring: first frame of the chunk
  private final Long[] stamps = new Long[KEPT]; // ring: ms, null without a stamp
  private long added;

  /**
   * Adds a chunk.
   *
   * @param begin its first frame
   * @param stamp in ms, or null
   */
  synchronized void add(long begin, Long stamp) {
    int at = (int) (added++ % KEPT);
    begins[at] = begin;
    stamps[at] = stamp;
  }

  /** The time stamp of the chunk that has this frame, or null. */
  synchronized Long at(long frame) {
    long oldest = Math.max(0, added - KEPT);
    long chunk = added - 1;
    while (chunk > oldest && begins[(int) (chunk % KEPT)] > frame) {
      chunk--;
    }
    return chunk < 0 ? null : stamps[(int) (chunk % KEPT)];
  }
}
