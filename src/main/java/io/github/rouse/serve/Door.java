// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import java.io.IOException;

/** Lets clients in over one protocol. */
public interface Door extends AutoCloseable {
  /** Opens the door; returns once clients can come in. */
  void open() throws IOException;

  /** One line that says where the open door is, and who may come in. */
  String describe();

  /** Ends the connections of all clients. Also closes a door that did not open. */
  @Override
  void close();
}
