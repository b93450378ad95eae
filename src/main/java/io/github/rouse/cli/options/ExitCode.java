package io.github.rouse.cli.options;

/** What a command ends with that has not done all it was asked to. */
public final class ExitCode {
  /** Something could not be done. */
  public static final int FAILED = 1;

  /** Options or their values that make no sense. */
  public static final int WRONG_USAGE = 2;

  private ExitCode() {}
}
