package io.github.rouse.eval;

import java.io.IOException;

/** Told of files as they are heard; from any thread. */
@FunctionalInterface
public interface FileProgress {
  /** One more file of so many seconds has been heard. */
  void fileHeard(double seconds);

  /**
   * A file cannot be read to its end. If this returns, the others are heard: a clip of a word is
   * left out, of other sound counts what could be read.
   *
   * @throws IOException the problem, which ends the hearing, unless this is overridden
   */
  default void unreadable(IOException problem) throws IOException {
    throw problem;
  }
}
