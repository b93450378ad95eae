// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RepeatsTest {
  private final Repeats repeats = new Repeats(new TriggerPolicy(0.2f, 1, 1, 1), 1000);

  @Test
  void aScoreUnderTheThresholdIsNoEvent() {
    assertFalse(repeats.accept(0.19f, 0));
    assertTrue(repeats.accept(0.2f, 10));
  }

  @Test
  void theRefractoryPeriodSuppressesRepeats() {
    assertTrue(repeats.accept(0.9f, 5000));
    assertFalse(repeats.accept(0.99f, 5999));
    assertTrue(repeats.accept(0.9f, 6000));
  }

  @Test
  void aWeakEventDoesNotHideAStrongerOne() {
    assertTrue(repeats.accept(0.3f, 5000));
    assertFalse(repeats.accept(0.4f, 5100));
    assertTrue(repeats.accept(0.46f, 5200));
  }

  @Test
  void resetForgetsTheLastEvent() {
    assertTrue(repeats.accept(0.9f, 5000));
    repeats.reset();
    assertTrue(repeats.accept(0.9f, 10));
  }
}
