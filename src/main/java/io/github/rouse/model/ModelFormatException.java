package io.github.rouse.model;

import java.io.IOException;
import java.nio.file.Path;

/** A model file that cannot be used: which, where in it, and why, in one line. */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 600; // characters; names in files can be any length

  /**
   * A bad file.
   *
   * @param path the file
   * @param place where in the file, such as a node or a key; empty for the file as a whole
   * @param reason what is wrong there
   */
  public ModelFormatException(Path path, String place, String reason) {
    this(path, place, reason, null);
  }

  /** A bad file, found through {@code cause}. */
  public ModelFormatException(Path path, String place, String reason, Throwable cause) {
    super(oneLine(path + ": " + (place.isEmpty() ? "" : place + ": ") + reason), cause);
  }

  private static String oneLine(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
