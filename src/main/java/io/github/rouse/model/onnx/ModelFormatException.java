// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A model file is invalid; the one-line message gives the path, the place and the reason. */
public final class ModelFormatException extends IOException {
  private static final int LONGEST = 600; // characters; names in files can be any length

  /** Unicode control characters and line and paragraph separators. */
  public static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  /**
   * Reports an invalid file.
   *
   * @param path the file
   * @param place where in the file, such as a node or a key; empty for the file as a whole
   * @param reason what is wrong there
   */
  public ModelFormatException(Path path, String place, String reason) {
    this(path, place, reason, null);
  }

  /** Reports an invalid file with a cause. */
  public ModelFormatException(Path path, String place, String reason, Throwable cause) {
    super(oneLine(path + ": " + (place.isEmpty() ? "" : place + ": ") + reason), cause);
  }

  /** Removes line breaks and terminal control characters, and truncates the text. */
  public static String oneLine(String message) {
    String line = CONTROL.matcher(message).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
