package io.github.rouse.model.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A model file that cannot be used: which, where in it, and why, in one line. */
public final class ModelFormatException extends IOException {
  private static final int LONGEST = 600; // characters; names in files can be any length

  /** Control characters of all of Unicode, and its own ends of lines and paragraphs. */
  public static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

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

  /** The text without what would break the line or steer the terminal. */
  public static String oneLine(String message) {
    String line = CONTROL.matcher(message).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
