// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import java.io.IOException;

/** Receives the progress of an evaluation, from any thread. */
@FunctionalInterface
public interface FileProgress {
  /** A file of {@code seconds} has been processed. */
  void fileHeard(double seconds);

  /**
   * A file cannot be read to its end. If this returns, the run goes on: it drops a clip, and counts
   * the readable part of a negative.
   *
   * @throws IOException the problem, which ends the run, unless this is overridden
   */
  default void unreadable(IOException problem) throws IOException {
    throw problem;
  }
}
