package io.github.rouse.audio.capture;

/**
 * When to try again to open a device that has gone. An attempt may hang for ever in native code,
 * and its thread with it. So while few are unanswered a new one is made beside them every second;
 * when there are many, ever more rarely, so that a device that comes back after a night is found
 * and a year's attempts still fit in memory.
 */
final class Reopening {
  /** With so many attempts unanswered, the next ones are rare. */
  static final int MOST_UNANSWERED = 8;

  private static final long QUICK_NANOS = 200_000_000L; // while they fail at once
  private static final long PATIENT_NANOS = 1_000_000_000L; // while one waits and may yet succeed
  private static final long FIRST_PAUSE = 60_000_000_000L; // nanoseconds, doubled each time
  private static final long LONGEST_PAUSE = 3600_000_000_000L; // nanoseconds

  private long next; // nanoTime of the next attempt
  private boolean rare;
  private long pause; // nanoseconds, while rare

  /**
   * The first attempt is due at once.
   *
   * @param now nanoTime
   */
  Reopening(long now) {
    next = now;
  }

  /**
   * Whether to make an attempt now; if so, it is taken as made.
   *
   * @param now nanoTime
   * @param waiting attempts that may yet succeed
   * @param hanging attempts given up whose threads have not ended
   */
  boolean attempt(long now, int waiting, int hanging) {
    boolean many = waiting + hanging >= MOST_UNANSWERED;
    if (many && !rare) {
      pause = FIRST_PAUSE;
      next = now + pause;
    } else if (rare && !many) {
      next = now; // the sound system has come to life
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
