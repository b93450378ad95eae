// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import io.github.rouse.file.Problem;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Tells systemd that a service is ready, through systemd-notify; see sd_notify(3). */
public final class Readiness {
  private Readiness() {}

  /**
   * Announces readiness if systemd waits for it; returns at once.
   *
   * @param status one line for {@code systemctl status}
   */
  public static void announce(String status, Consumer<String> problems) {
    if (System.getenv("NOTIFY_SOCKET") == null) {
      return;
    }
    try {
      var unused =
          new ProcessBuilder(List.of("systemd-notify", "--ready", "--status=" + status))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD) // stdout belongs to the events
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      problems.accept("systemd waits for this service: " + Problem.describe(e));
    }
  }
}
