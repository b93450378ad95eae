// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpeakingGuardTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // ns; overflows
  private final SpeakingGuard guard = new SpeakingGuard(0.9f, now::get);
  private final List<Float> events = new ArrayList<>();
  private final List<Float> misses = new ArrayList<>();
  private final DetectionHandler handler =
      guard.guarding(
          new DetectionHandler() {
            @Override
            public void event(TriggerEvent event) {
              events.add(event.score());
            }

            @Override
            public void nearMiss(TriggerEvent miss) {
              misses.add(miss.score());
            }
          });

  private void hear(float score) {
    handler.event(new TriggerEvent("m", "w", 0, 100, 200, 1000, score, null, 0));
  }

  @Test
  void whileTheDeviceSpeaksOnlyAHighScoreCounts() {
    hear(0.6f);
    guard.speaking(true);
    hear(0.7f);
    hear(0.9f);
    now.addAndGet(3_600_000_000_000L); // until told otherwise
    hear(0.8f);
    guard.speaking(false);
    now.addAndGet(999_999_999);
    hear(0.85f); // its echo
    now.addAndGet(1);
    hear(0.61f);
    assertEquals(List.of(0.6f, 0.9f, 0.61f), events);
    assertEquals(List.of(0.7f, 0.8f, 0.85f), misses);
  }

  @Test
  void aDeviceMaySayHowLongItWillSpeak() {
    guard.speaking(Duration.ofSeconds(5));
    now.addAndGet(5_900_000_000L); // and its echo
    hear(0.7f);
    now.addAndGet(100_000_000);
    hear(0.6f);
    guard.speaking(Duration.ofSeconds(5));
    guard.speaking(false); // sooner
    now.addAndGet(1_000_000_000);
    hear(0.61f);
    assertEquals(List.of(0.6f, 0.61f), events);
    assertEquals(List.of(0.7f), misses);
  }

  @Test
  void aScoreIsFromZeroToOne() {
    assertThrows(IllegalArgumentException.class, () -> new SpeakingGuard(1.1f));
    assertThrows(IllegalArgumentException.class, () -> new SpeakingGuard(Float.NaN));
  }
}
