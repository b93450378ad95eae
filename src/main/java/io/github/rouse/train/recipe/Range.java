// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

/** Range checks for recipe values. */
final class Range {
  private Range() {}

  /**
   * Checks that a value is in range.
   *
   * @throws IllegalArgumentException if it is below {@code least}, above {@code most} or NaN
   */
  static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format("%s=%s, expected %s to %s", name, plain(value), plain(least), plain(most)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
