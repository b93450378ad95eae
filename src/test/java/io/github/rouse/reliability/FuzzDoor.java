// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import java.util.List;
import java.util.Set;

/**
 * A place that reads untrusted bytes.
 *
 * @param name for the command line
 * @param seeds valid input to damage
 * @param text whether it is text, which is also damaged by tokens and lines
 * @param reader takes any bytes
 * @param documented what the reader may throw
 */
record FuzzDoor(
    String name,
    List<byte[]> seeds,
    boolean text,
    Reader reader,
    Set<Class<? extends Throwable>> documented) {
  /** Reads untrusted bytes. */
  @FunctionalInterface
  interface Reader {
    void read(byte[] input) throws Exception;
  }

  /** Whether the reader may throw this: a class that is documented, with one line of text. */
  boolean allows(Throwable problem) {
    String message = problem.getMessage();
    return documented.stream().anyMatch(allowed -> allowed.isInstance(problem))
        && problem.getClass() != NumberFormatException.class
        && message != null
        && !message.isBlank();
  }
}
