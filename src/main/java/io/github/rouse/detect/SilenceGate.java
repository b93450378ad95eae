// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.state.Snapshot;

/**
 * Saves computation in true silence, such as a muted microphone's ({@link SampleFormat#SILENCE}).
 * After {@code patience} samples of it the gate skips whole units, and only counts them, until
 * sound returns. The result does not depend on how the samples are split into calls.
 */
final class SilenceGate {
  private final long patience; // samples of silence passed on before the gate closes
  private final float[] held; // the incomplete unit
  private int filled;
  private long silent; // consecutive samples

  /**
   * Creates an open gate.
   *
   * @param patience samples of silence passed on before the gate closes
   * @param unit samples skipped at a time
   */
  SilenceGate(long patience, int unit) {
    this.patience = patience;
    held = new float[unit];
  }

  /** Passes samples on to a sink; runs {@code skipped} for each unit it skips. */
  void split(float[] samples, int from, int length, SampleSink to, Runnable skipped) {
    int next = from; // first sample neither passed on nor held
    for (int i = from; i < from + length; i++) {
      if (Math.abs(samples[i]) > SampleFormat.SILENCE) {
        silent = 0;
        finish(to);
      } else if (++silent > patience) {
        pass(samples, next, i, to);
        next = i + 1;
        held[filled++] = samples[i];
        if (filled == held.length) {
          filled = 0;
          skipped.run();
        }
      }
    }
    pass(samples, next, from + length, to);
  }

  private static void pass(float[] samples, int from, int end, SampleSink to) {
    if (end > from) {
      to.accept(samples, from, end - from);
    }
  }

  /** Passes on the incomplete unit. */
  void finish(SampleSink to) {
    pass(held, 0, filled, to);
    filled = 0;
  }

  /** Saves or restores the state. */
  void state(Snapshot snapshot) {
    snapshot.values(held);
    filled = snapshot.number(filled);
    silent = snapshot.number(silent);
  }

  /** Starts a new stream. */
  void reset() {
    filled = 0;
    silent = 0;
  }
}
