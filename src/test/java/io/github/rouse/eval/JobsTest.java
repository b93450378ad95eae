// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class JobsTest {
  @Test
  void resultsKeepTheOrderOfTheWork() throws IOException {
    Callable<Integer> slow =
        () -> {
          Thread.sleep(50);
          return 1;
        };
    assertEquals(List.of(1, 2, 3), Jobs.inOrder(List.of(slow, () -> 2, () -> 3), 3));
  }

  @Test
  void exceptionsPropagateUnwrapped() {
    for (Throwable thrown :
        List.of(
            new IllegalArgumentException("a"), new OutOfMemoryError("b"), new IOException("c"))) {
      Callable<Integer> failing =
          () -> {
            if (thrown instanceof Error error) {
              throw error;
            }
            throw (Exception) thrown;
          };
      assertSame(
          thrown, assertThrows(Throwable.class, () -> Jobs.inOrder(List.of(() -> 1, failing), 2)));
    }
  }
}
