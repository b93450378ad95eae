// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

/** Exit codes of failed commands. */
public final class ExitCode {
  /** The command failed, wholly or in part. */
  public static final int FAILED = 1;

  /** Invalid options or values. */
  public static final int WRONG_USAGE = 2;

  private ExitCode() {}
}
