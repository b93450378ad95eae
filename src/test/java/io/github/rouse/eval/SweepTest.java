// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.rouse.TestModels;
import io.github.rouse.VerifiedModels;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final WakeModel plain = TestModels.loudness("loud"); // refractory period 1 s
  private final WakeModel verified = VerifiedModels.loudness(1, 0.5f);

  private static TriggerEvent event(String word, long at, double score) {
    return new TriggerEvent("m", word, at, at, at, 16_000, (float) score, null, 0);
  }

  private static List<Float> scores(List<TriggerEvent> events) {
    return events.stream().map(TriggerEvent::score).toList();
  }

  @Test
  void aPeakAfterAWeakCandidateCounts() {
    List<TriggerEvent> events =
        List.of(event("a", 1000, 0.64), event("b", 2000, 0.3), event("a", 9000, 0.98));
    assertEquals(List.of(0.98f, 0.3f), scores(Sweep.peaks(verified, events)));
  }

  @Test
  void aPeriodBeginsWithItsFirstCandidate() {
    List<TriggerEvent> events =
        List.of(event("a", 0, 0.5), event("a", 15_999, 0.4), event("a", 16_000, 0.3));
    assertEquals(List.of(0.5f, 0.3f), scores(Sweep.peaks(verified, events)));
  }

  @Test
  void onlyAVerifierChangesTheRun() {
    List<TriggerEvent> events = List.of(event("a", 0, 0.5), event("a", 100, 0.9));
    assertSame(events, Sweep.peaks(plain, events));
    assertEquals(1, Sweep.at(0.1f, plain).policy().refractory());
    assertEquals(0, Sweep.at(0.1f, verified).policy().refractory());
  }
}
