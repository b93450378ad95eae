package io.github.rouse.nn;

import java.util.Arrays;

/** Memory for as many steps at a time as a stream has ever been given. */
final class Buffers {
  private Buffers() {}

  /** The same rows, or more. */
  static float[][] atLeast(float[][] rows, int count, int width) {
    if (rows.length >= count) {
      return rows;
    }
    float[][] more = Arrays.copyOf(rows, count);
    for (int r = rows.length; r < count; r++) {
      more[r] = new float[width];
    }
    return more;
  }
}
