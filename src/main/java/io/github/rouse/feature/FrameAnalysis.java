// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.state.Snapshot;

/** Turns frames of samples into features; may keep state from earlier frames. */
interface FrameAnalysis {
  /** Most frames at a time. */
  int most();

  /**
   * Computes the features of successive frames. They do not depend on {@code count}.
   *
   * @param samples in [-1, 1], of frames a hop apart; the first begins at index 0
   * @param count of frames, at most {@link #most}
   * @param frames output, [most][bins]
   */
  void apply(float[] samples, int count, float[][] frames);

  /** Forgets earlier frames. */
  default void reset() {}

  /** Saves or restores the state from earlier frames. */
  default void state(Snapshot snapshot) {}
}
