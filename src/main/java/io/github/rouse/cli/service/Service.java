// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A command that runs in the background.
 *
 * @param kind the command: {@code listen} or {@code serve}
 * @param launcher the program {@code rouse}
 * @param options of the command
 * @param folder the working directory, to which paths in the options refer
 * @param environment variables besides those of the user's session
 */
record Service(
    String kind,
    Path launcher,
    List<String> options,
    Path folder,
    Map<String, String> environment) {
  static final String LISTEN = "listen";
  static final List<String> KINDS = List.of(LISTEN, "serve");

  /** Its purpose in one line. */
  String description() {
    return kind.equals(LISTEN)
        ? "Rouse: listens to the microphone for words"
        : "Rouse: detects words for other programs";
  }

  /** Its name among the system's services. */
  static String name(String kind) {
    return "rouse-" + kind;
  }
}
