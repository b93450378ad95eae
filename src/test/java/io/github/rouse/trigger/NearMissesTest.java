// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NearMissesTest {
  private static final int RATE = 1000;

  private final NearMisses misses = misses(SecondChance.NONE);

  /** With a refractory period of 1000 samples. */
  private static NearMisses misses(SecondChance secondChance) {
    return new NearMisses(TriggerPolicy.DEFAULT.withThreshold(0.8f), secondChance, RATE);
  }

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
  void aNearMissGivesASecondChanceForSomeSeconds() {
    NearMisses lenient = misses(new SecondChance(3, 0.75f));
    assertFalse(lenient.isSecondChance(0.7f, 5000));
    lenient.hold(miss(0.5f, 5000));
    assertFalse(lenient.isSecondChance(0.7f, 5999)); // still the same word
    assertTrue(lenient.isSecondChance(0.7f, 6000));
    assertFalse(lenient.isSecondChance(0.59f, 6000));
    lenient.due(6000);
    assertTrue(lenient.isSecondChance(0.6001f, 9000));
    assertFalse(lenient.isSecondChance(0.7f, 9001));
    lenient.take(7000);
    lenient.forget(7000);
    assertFalse(lenient.isSecondChance(0.7f, 8500));
    assertTrue(lenient.isTaken(7999));
    assertFalse(lenient.isTaken(8000));
  }

  @Test
  void noSecondChanceByDefault() {
    misses.hold(miss(0.7f, 5000));
    assertFalse(misses.isSecondChance(0.79f, 6000));
    misses.due(6000);
    assertFalse(misses.isSecondChance(0.79f, 6001));
    assertFalse(misses.isTaken(6001));
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
