// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Continues a sound that stops. A posterior climbs only after its word, so that a network needs
 * something to hear after the last sample. Silence would turn the beginning of a longer word into a
 * whole one; the last samples, reversed and faded out, do not.
 */
final class FadeOut {
  private static final double FADE_SECONDS = 0.14;
  private static final double SECONDS = 0.3; // with silence after the fade

  private final float[] latest; // ring buffer
  private final float[] continuation;
  private int next;

  /** Starts after silence. */
  FadeOut(int sampleRate) {
    latest = new float[(int) (FADE_SECONDS * sampleRate)];
    continuation = new float[(int) (SECONDS * sampleRate)];
  }

  /** Takes the samples of the sound. */
  void add(float[] samples, int from, int length) {
    int count = Math.min(length, latest.length);
    int start = from + length - count;
    int first = Math.min(count, latest.length - next);
    System.arraycopy(samples, start, latest, next, first);
    System.arraycopy(samples, start + first, latest, 0, count - first);
    next = (next + count) % latest.length;
  }

  /** The samples that continue the sound. */
  float[] continuation() {
    int length = latest.length;
    for (int i = 0; i < length; i++) {
      double gain = 0.5 + 0.5 * Math.cos(Math.PI * i / length);
      continuation[i] = (float) (gain * latest[(next + 2 * length - 1 - i) % length]);
    }
    return continuation;
  }

  /** Saves or restores the state. */
  void state(Snapshot snapshot) {
    snapshot.values(latest);
    next = snapshot.number(next);
  }

  void reset() {
    Arrays.fill(latest, 0);
    next = 0;
  }
}
