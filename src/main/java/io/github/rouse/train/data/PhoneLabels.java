// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Time-aligned phone labels in NIST's CTM format: a line per phone with the recording's name
 * (without folder and extension), channel, start and duration in seconds, and the phone. Unlabelled
 * time is silence.
 */
public final class PhoneLabels {
  private static final double LONGEST_SECONDS = 1e5; // over a day
  private static final Set<String> SILENCE = Set.of("SIL", "sil");

  private record Line(String recording, double start, double end, String phone) {}

  /**
   * A phone in a recording or clip.
   *
   * @param number index in {@link #names}
   * @param start first sample
   * @param end the sample after the last
   */
  public record LabelledPhone(int number, int start, int end) {
    /** The same phone relative to {@code from}. */
    LabelledPhone moved(int from) {
      return new LabelledPhone(number, start - from, end - from);
    }
  }

  private final List<String> names;
  private final Map<String, List<Line>> lines = new HashMap<>(); // by recording

  /**
   * Reads label files.
   *
   * @throws IOException if a file cannot be read or a line is invalid
   */
  PhoneLabels(List<Path> files) throws IOException {
    TreeSet<String> phones = new TreeSet<>();
    for (Path file : files) {
      int number = 0;
      if (!Files.isRegularFile(file)) {
        throw new IOException(file + ": phone label file not found");
      }
      try {
        for (String text : Files.readAllLines(file)) {
          number++;
          if (!text.isBlank() && !text.startsWith(";;")) {
            Line line = line(text.strip().split("\\s+"));
            lines.computeIfAbsent(line.recording, name -> new ArrayList<>()).add(line);
            phones.add(line.phone);
          }
        }
      } catch (CharacterCodingException e) {
        throw new IOException(file + ": is not a text file", e);
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ": line " + number + ": " + e.getMessage(), e);
      }
    }
    phones.removeAll(SILENCE);
    names = List.copyOf(phones);
  }

  private static Line line(String[] fields) {
    if (fields.length < 5) {
      throw new IllegalArgumentException(
          fields.length + " fields, expected recording, channel, start, duration and phone");
    }
    double start = seconds("start", fields[2]);
    double duration = seconds("duration", fields[3]);
    return new Line(fields[0], start, start + duration, fields[4]);
  }

  private static double seconds(String name, String text) {
    double seconds = text.matches("[0-9.]+(e-?[0-9]+)?") ? Double.parseDouble(text) : -1;
    if (!(seconds >= 0 && seconds < LONGEST_SECONDS)) {
      throw new IllegalArgumentException(name + "=" + text + ", expected seconds, at least 0");
    }
    return seconds;
  }

  /** All phones, sorted, without silence. */
  List<String> names() {
    return names;
  }

  /** The phones of a recording; empty if it has no labels. */
  List<LabelledPhone> of(Path recording, int sampleRate) {
    String name = recording.getFileName().toString().replaceAll("\\.[^.]*$", "");
    return lines.getOrDefault(name, List.of()).stream()
        .filter(line -> names.contains(line.phone))
        .map(
            line ->
                new LabelledPhone(
                    names.indexOf(line.phone),
                    (int) (line.start * sampleRate),
                    (int) (line.end * sampleRate)))
        .toList();
  }
}
