// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * The last frames of a stream, for verifiers. Before the stream's first frame there are copies of
 * it, so that a verifier always reads as many. Not thread-safe.
 */
final class FrameHistory {
  private final float[][] frames; // ring buffer
  private int next;
  private boolean empty = true;

  /**
   * Creates an empty history.
   *
   * @param length frames kept; may be 0
   */
  FrameHistory(int length, int bins) {
    frames = new float[length][bins];
  }

  /** Takes the next frame. */
  void add(float[] frame) {
    if (frames.length == 0) {
      return;
    }
    if (empty) {
      for (float[] old : frames) {
        System.arraycopy(frame, 0, old, 0, frame.length);
      }
      empty = false;
    }
    System.arraycopy(frame, 0, frames[next], 0, frame.length);
    next = next + 1 == frames.length ? 0 : next + 1;
  }

  /** The last {@code count} frames, oldest first; valid until the next is added. */
  float[][] last(int count) {
    float[][] last = new float[count][];
    Arrays.setAll(last, i -> frames[(next - count + i + frames.length) % frames.length]);
    return last;
  }

  /** Saves or restores the state. */
  void state(Snapshot snapshot) {
    snapshot.values(frames);
    next = snapshot.number(next);
    empty = snapshot.flag(empty);
  }

  void reset() {
    next = 0;
    empty = true;
  }
}
