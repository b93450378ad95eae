// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

/** Commands that people can paste into a shell. */
public final class Shell {
  private Shell() {}

  /** An argument, quoted if it must be. */
  public static String quoted(String argument) {
    return argument.matches("[\\w./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
  }
}
