// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReopeningTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Long.MAX_VALUE - 3 * SECOND; // nanoTime may overflow

  /** Times of the attempts, in tenths of seconds, for constant numbers of unanswered attempts. */
  private static List<Integer> attempts(Reopening reopening, int waiting, int hanging, int tenths) {
    List<Integer> made = new ArrayList<>();
    for (int i = 0; i < tenths; i++) {
      if (reopening.attempt(START + i * SECOND / 10, waiting, hanging)) {
        made.add(i);
      }
    }
    return made;
  }

  @Test
  void attemptsThatFailAtOnceRepeatFiveTimesASecond() {
    assertEquals(List.of(0, 2, 4, 6, 8), attempts(new Reopening(START), 0, 0, 10));
  }

  @Test
  void whileAnAttemptWaitsAnotherStartsEverySecond() {
    assertEquals(List.of(0, 10, 20, 30), attempts(new Reopening(START), 3, 4, 40));
  }

  @Test
  void whenManyAttemptsHangPausesDoubleUpToAnHour() {
    int minute = 600;
    List<Integer> made = attempts(new Reopening(START), 0, 8, 300 * minute);
    List<Integer> minutes = made.stream().map(tenths -> tenths / minute).toList();
    assertEquals(List.of(1, 3, 7, 15, 31, 63, 123, 183, 243), minutes);
  }

  @Test
  void whenHangingAttemptsEndTheNextStartsAtOnce() {
    Reopening reopening = new Reopening(START);
    assertEquals(List.of(), attempts(reopening, 0, 8, 500));
    assertEquals(List.of(0), attempts(reopening, 0, 7, 1));
  }
}
