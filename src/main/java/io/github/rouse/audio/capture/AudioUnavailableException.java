// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import java.io.IOException;

/** A sound device is missing, busy, or does not support the request. */
public final class AudioUnavailableException extends IOException {
  /**
   * Creates an exception without a cause.
   *
   * @param message which device, what is wrong, and what may help
   */
  public AudioUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates an exception with its cause.
   *
   * @param message which device, what is wrong, and what may help
   * @param cause from the sound system
   */
  public AudioUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
