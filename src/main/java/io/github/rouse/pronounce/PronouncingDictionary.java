// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The pronunciations of words, as the CMU Pronouncing Dictionary lists them: {@code nova N OW1 V
 * AH0}, a further one under {@code nova(2)}. Stress is dropped.
 *
 * @param words each with its pronunciations, the first one first; lower case
 */
public record PronouncingDictionary(Map<String, List<List<String>>> words) {
  /** The phonemes of American English in CMU's notation, ARPAbet, without stress. */
  public static final List<String> PHONEMES =
      List.of(
          ("AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH"
                  + " UW V W Y Z ZH")
              .split(" "));

  private static final String COMMENT = ";;;";

  /**
   * Reads a dictionary.
   *
   * @throws IOException if the file cannot be read or a line has an unknown phoneme; the message
   *     names file, line and reason
   */
  public static PronouncingDictionary read(Path file) throws IOException {
    Map<String, List<List<String>>> words = new LinkedHashMap<>();
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).split(" #", 2)[0].strip();
      if (line.isEmpty() || line.startsWith(COMMENT)) {
        continue;
      }
      List<String> fields = Arrays.asList(line.split("\\s+"));
      List<String> phonemes =
          fields.stream().skip(1).map(phoneme -> phoneme.replaceAll("\\d$", "")).toList();
      if (phonemes.isEmpty() || !PHONEMES.containsAll(phonemes)) {
        throw new IOException(
            file + ": line " + (i + 1) + ": " + line + ", expected a word and its phonemes");
      }
      String word = fields.get(0).toLowerCase(Locale.ROOT).replaceAll("\\(\\d+\\)$", "");
      List<List<String>> known = words.computeIfAbsent(word, unused -> new ArrayList<>());
      if (!known.contains(phonemes)) { // differs in stress only
        known.add(phonemes);
      }
    }
    if (words.isEmpty()) {
      throw new IOException(file + ": has no words");
    }
    return new PronouncingDictionary(words);
  }

  /** The pronunciations of a word in lower case; none if it is unknown. */
  public List<List<String>> of(String word) {
    return words.getOrDefault(word, List.of());
  }
}
