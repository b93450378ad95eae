package io.github.rouse.audio.capture;

import java.io.IOException;

/** A sound device that is not there, is busy, or does not do what was asked of it. */
public final class AudioUnavailableException extends IOException {
  /**
   * A device that is not there.
   *
   * @param message which device, what is wrong, and what may help
   */
  public AudioUnavailableException(String message) {
    super(message);
  }

  /**
   * A device that fails.
   *
   * @param message which device, what is wrong, and what may help
   * @param cause what the sound system said
   */
  public AudioUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
