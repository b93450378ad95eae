// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads do. */
public final class Waiting {
  private static final int SECONDS = 60; // on a busy machine

  private Waiting() {}

  public static void until(BooleanSupplier holds, Supplier<?> state) throws InterruptedException {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("not within " + SECONDS + " s: " + state.get());
      }
      Thread.sleep(5);
    }
  }
}
