// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NearMissesTest {
  private static final int RATE = 1000;

  private final NearMisses misses =
      new NearMisses(TriggerPolicy.DEFAULT.withThreshold(0.8f), RATE); // refractory: 1000 samples

  private static TriggerEvent miss(float score, long at) {
    return new TriggerEvent("m", "w", at - 300, at - 100, at, RATE, score, null, 0);
  }

  @Test
  void nearIsFromHalfTheThresholdUpToIt() {
    assertFalse(misses.isNear(0.39f, 0));
    assertTrue(misses.isNear(0.4f, 0));
    assertTrue(misses.isNear(0.79f, 0));
    assertFalse(misses.isNear(0.8f, 0));
  }

  @Test
  void theHighestOfARefractoryPeriodIsDueAfterIt() {
    misses.hold(miss(0.5f, 5000));
    misses.hold(miss(0.7f, 5200));
    misses.hold(miss(0.6f, 5400));
    assertNull(misses.due(6199));
    assertEquals(0.7f, misses.due(6200).score());
    assertNull(misses.due(9000));
    assertFalse(misses.isNear(0.7f, 6199));
  }

  @Test
  void anEventTakesItsNearMissesWithIt() {
    misses.hold(miss(0.7f, 5000));
    misses.forget(5300);
    assertNull(misses.due(9000));
    assertFalse(misses.isNear(0.7f, 6299)); // its echo
    assertTrue(misses.isNear(0.7f, 6300));
  }

  @Test
  void whatIsHeldComesAtTheEnd() {
    misses.hold(miss(0.7f, 5000));
    assertEquals(5000, misses.finish().at());
    assertNull(misses.finish());
  }
}
