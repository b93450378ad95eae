// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.io.IOException;
import java.nio.file.Path;

/** Reads files of people, for tests of other packages. */
public final class PeopleInput {
  private PeopleInput() {}

  /** Reads one. */
  public static void read(Path file) throws IOException {
    People.read(file);
  }
}
