package io.github.rouse.detect;

import io.github.rouse.audio.SampleSink;

/**
 * Keeps true silence (a muted microphone, nothing above two steps of 16 bits) from costing
 * anything: after a while of it, only its length is passed on, in whole units, until there is sound
 * again. How the samples were cut into calls makes no difference.
 */
final class SilenceGate {
  private static final float SILENT = 2f / 32768;

  private final long patience; // samples of silence that pass before the gate shuts
  private final float[] held; // of the unit that is not complete
  private int filled;
  private long silent; // samples in a row

  /**
   * An open gate.
   *
   * @param patience samples of silence that pass before it shuts
   * @param unit samples left out at a time
   */
  SilenceGate(long patience, int unit) {
    this.patience = patience;
    held = new float[unit];
  }

  /** Passes samples on; {@code leftOut} is told of each unit that is not. */
  void accept(float[] samples, int from, int length, SampleSink to, Runnable leftOut) {
    int next = from; // neither passed on nor held
    for (int i = from; i < from + length; i++) {
      if (Math.abs(samples[i]) > SILENT) {
        silent = 0;
        finish(to);
      } else if (++silent > patience) {
        pass(samples, next, i, to);
        next = i + 1;
        held[filled++] = samples[i];
        if (filled == held.length) {
          filled = 0;
          leftOut.run();
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

  /** Passes on what is held. */
  void finish(SampleSink to) {
    pass(held, 0, filled, to);
    filled = 0;
  }

  /** Forgets the stream so far. */
  void reset() {
    filled = 0;
    silent = 0;
  }
}
