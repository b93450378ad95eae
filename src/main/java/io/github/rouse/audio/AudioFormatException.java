package io.github.rouse.audio;

import java.io.IOException;

/** A sound that cannot be read: which one, where in it, and why, in one line. */
public final class AudioFormatException extends IOException {
  /**
   * About the sound as a whole.
   *
   * @param name the file's path, or what else the sound is called
   * @param reason what is wrong with it
   */
  public AudioFormatException(String name, String reason) {
    this(name, reason, null);
  }

  /**
   * About the sound as a whole, with what lies behind it.
   *
   * @param name the file's path, or what else the sound is called
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
