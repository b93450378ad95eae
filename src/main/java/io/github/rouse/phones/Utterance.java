// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference phones of a part of a recording: a line of a list with file, start, end and phones,
 * separated by tabs. The file is relative to the list. Times are in seconds; {@code -} as the end
 * is the end of the file. Phones are separated by spaces.
 *
 * @param end {@link Double#MAX_VALUE} for the file's
 */
public record Utterance(Path file, double start, double end, List<String> phones) {
  private static final int COLUMNS = 4;

  /**
   * Reads a list; at least one.
   *
   * @throws IOException if it cannot be read or a line is invalid; the message names file, line and
   *     reason
   */
  public static List<Utterance> read(Path list) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(list);
    } catch (CharacterCodingException e) {
      throw new IOException(list + ": is not a text file", e);
    }
    if (lines.isEmpty()) {
      throw new IOException(list + ": is empty");
    }
    List<Utterance> utterances = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        utterances.add(parse(lines.get(i), list));
      } catch (IllegalArgumentException e) {
        throw new IOException(list + ": line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return utterances;
  }

  private static Utterance parse(String line, Path list) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS || columns[0].isBlank() || columns[3].isBlank()) {
      throw new IllegalArgumentException(
          "expected file, start, end and phones, separated by tabs; found " + line);
    }
    double start = seconds("start", columns[1]);
    double end = columns[2].equals("-") ? Double.MAX_VALUE : seconds("end", columns[2]);
    if (end <= start) {
      throw new IllegalArgumentException("end=" + end + ", expected more than start=" + start);
    }
    Path file = list.resolveSibling(columns[0]).normalize();
    return new Utterance(file, start, end, List.of(columns[3].strip().split(" +")));
  }

  private static double seconds(String name, String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && Double.isFinite(seconds)) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(name + "=" + text + ", expected seconds, at least 0");
  }

  /** The part of a recording that it is, clipped to the recording's length. */
  public int from(int length, int sampleRate) {
    return (int) Math.min(length, start * sampleRate);
  }

  /** The sample after its last. */
  public int to(int length, int sampleRate) {
    return (int) Math.min(length, end * sampleRate);
  }
}
