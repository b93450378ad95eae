// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * Batches of all examples, once each in a random order, then in another order, without end.
 *
 * @param <T> an example
 */
public final class Passes<T> {
  private static final long SALT = 0x6a09e667f3bcc909L;

  private final long seed;
  private final LongFunction<List<List<T>>> shuffled;
  private List<List<T>> pass = List.of();
  private int passNumber;

  /**
   * Prepares passes.
   *
   * @param seed of the recipe
   * @param shuffled makes the batches of a pass from its seed, always as many
   */
  public Passes(long seed, LongFunction<List<List<T>>> shuffled) {
    this.seed = new SplittableRandom(seed ^ SALT).nextLong();
    this.shuffled = shuffled;
  }

  /** A batch, counted from 0 over all passes. */
  public List<T> batch(int number) {
    if (pass.isEmpty()) {
      start(0);
    }
    if (number / pass.size() != passNumber) {
      start(number / pass.size());
    }
    return pass.get(number % pass.size());
  }

  private void start(int number) {
    passNumber = number;
    pass = shuffled.apply(seed + number);
  }

  /** Some batches of the current pass. */
  public List<List<T>> some(int most) {
    return pass.subList(0, Math.min(most, pass.size()));
  }
}
