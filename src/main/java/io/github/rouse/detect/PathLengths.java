// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/** How far back each word of a model began, at its last steps. Not thread-safe. */
final class PathLengths {
  private static final int STEPS = 64; // more than a trigger waits before it decides

  private final long[] at = new long[STEPS]; // sample of each step
  private final float[][] lengths; // [STEPS][words], steps
  private int next;

  PathLengths(int words) {
    lengths = new float[STEPS][words];
    reset();
  }

  /** Takes the lengths of a step. */
  void add(long sample, float[] values) {
    at[next] = sample;
    System.arraycopy(values, 0, lengths[next], 0, values.length);
    next = (next + 1) % STEPS;
  }

  /** Steps that the word had lasted at a sample; 0 if that is unknown. */
  float of(int word, long sample) {
    for (int i = 0; i < STEPS; i++) {
      if (at[i] == sample) {
        return lengths[i][word];
      }
    }
    return 0;
  }

  /** Saves or restores the state. */
  void state(Snapshot snapshot) {
    snapshot.values(at);
    snapshot.values(lengths);
    next = snapshot.number(next);
  }

  /** Forgets all steps. */
  void reset() {
    Arrays.fill(at, -1);
  }
}
