// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import java.nio.file.Path;

/** Where users' recordings, models and settings are kept. */
public final class UserData {
  private UserData() {}

  public static Path folder() {
    return Path.of(System.getProperty("user.home"), ".local", "share", "rouse");
  }

  /** The users' own models, which {@code serve} offers besides the shipped ones. */
  public static Path models() {
    return folder().resolve("models");
  }
}
