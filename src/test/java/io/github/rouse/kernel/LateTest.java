// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Tests run with {@code -Drouse.kernel.plain=0}: vectors are due at once. */
class LateTest {
  @Test
  void loopsAreVectorsOnceTheyAreDue() {
    FilterLoops plain = Late.loops();
    assertEquals("ScalarFilterLoops", plain.getClass().getSimpleName());
    FilterLoops vectors = Late.loops(plain, 1);
    assertEquals("VectorFilterLoops", vectors.getClass().getSimpleName());
    assertSame(vectors, Late.loops(vectors, 1));
  }
}
