// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The part of the operating system that starts services and restarts those that fail. */
interface Supervisor {
  /** The file that defines the service of that kind. */
  Path file(String kind);

  /** The content of that file. */
  String text(Service service);

  /** The file's encoding. */
  default Charset charset() {
    return StandardCharsets.UTF_8;
  }

  /** The commands that start the service now and at each login, once the file is written. */
  List<List<String>> start(String kind);

  /** The commands that undo this; they may fail if the service is unknown. */
  List<List<String>> stop(String kind);

  /** The command that shows the service's state. */
  List<String> status(String kind);
}
