// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;

/** A sound file cannot be read. The message says which file, where in it and why, in one line. */
public final class AudioFormatException extends IOException {
  /**
   * Creates an exception without a cause.
   *
   * @param name the file's path, or another name of the sound
   * @param reason what is wrong with it
   */
  public AudioFormatException(String name, String reason) {
    this(name, reason, null);
  }

  /**
   * Creates an exception with its cause.
   *
   * @param name the file's path, or another name of the sound
   * @param reason what is wrong with it, and where
   * @param cause what the decoder threw, or null
   */
  public AudioFormatException(String name, String reason, Throwable cause) {
    super(oneLine(name + ": " + reason), cause);
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\r\\n]+", " ");
  }
}
