// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

/**
 * Schedules attempts to reopen a lost device. An attempt may hang forever in native code, together
 * with its thread. While few attempts hang, another starts every second. When many do, the pauses
 * grow: a device that returns after a night is still found, and a year's hanging threads fit in
 * memory.
 */
final class Reopening {
  /** From this number of unanswered attempts on, pauses grow. */
  static final int MAX_UNANSWERED = 8;

  private static final long QUICK_NANOS = 200_000_000L; // while attempts fail at once
  private static final long PATIENT_NANOS = 1_000_000_000L; // while an attempt may still succeed
  private static final long FIRST_PAUSE = 60_000_000_000L; // nanoseconds, doubled each time
  private static final long LONGEST_PAUSE = 3600_000_000_000L; // nanoseconds

  private long next; // nanoTime of the next attempt
  private boolean rare;
  private long pause; // nanoseconds, while rare

  /**
   * Creates a schedule; the first attempt is due at once.
   *
   * @param now nanoTime
   */
  Reopening(long now) {
    next = now;
  }

  /**
   * Whether an attempt is due now; if so, schedules the next.
   *
   * @param now nanoTime
   * @param waiting attempts that may still succeed
   * @param hanging abandoned attempts whose threads have not ended
   */
  boolean attempt(long now, int waiting, int hanging) {
    boolean many = waiting + hanging >= MAX_UNANSWERED;
    if (many && !rare) {
      pause = FIRST_PAUSE;
      next = now + pause;
    } else if (rare && !many) {
      next = now; // the sound system responds again
    }
    rare = many;
    if (now - next < 0) {
      return false;
    }
    if (rare) {
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      next = now + pause;
    } else {
      next = now + (waiting == 0 ? QUICK_NANOS : PATIENT_NANOS);
    }
    return true;
  }
}
