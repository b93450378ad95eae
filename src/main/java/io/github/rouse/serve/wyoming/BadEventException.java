// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import java.io.IOException;

/** An event that breaks the protocol. */
final class BadEventException extends IOException {
  private static final long serialVersionUID = 1;
  private final boolean fatal;

  /**
   * Creates the exception.
   *
   * @param fatal whether nobody knows where the next event begins
   */
  BadEventException(String message, boolean fatal) {
    super(message);
    this.fatal = fatal;
  }

  boolean fatal() {
    return fatal;
  }
}
