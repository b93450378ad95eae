// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import io.github.rouse.file.TextFile;
import io.github.rouse.pronounce.PronouncingDictionary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A text in phonemes.
 *
 * @param file that it was read from
 * @param trained lines to learn from: the phonemes of each word and its boundary, as indices
 * @param heldOut likewise, lines to measure on
 */
record PhonemeText(Path file, List<int[]> trained, List<int[]> heldOut) {
  private static final long SPLIT_SALT = 0x2545f4914f6cdd1dL;
  private static final int LONGEST = 120; // symbols of a line; what follows is a line of its own

  /**
   * Reads a text. A word that the dictionary lacks ends a line, and what follows begins another.
   *
   * @param share of the lines to hold out, chosen by their text and the seed
   * @throws IOException if the file cannot be read or has no known word
   */
  static PhonemeText read(Path file, PronouncingDictionary dictionary, double share, long seed)
      throws IOException {
    List<int[]> trained = new ArrayList<>();
    List<int[]> heldOut = new ArrayList<>();
    for (String line : TextFile.read(file).lines().toList()) {
      long hash = new SplittableRandom(seed ^ SPLIT_SALT ^ line.hashCode()).nextLong();
      boolean out = new SplittableRandom(hash).nextDouble() < share;
      (out ? heldOut : trained).addAll(sequences(line, dictionary));
    }
    if (trained.isEmpty() && heldOut.isEmpty()) {
      throw new IOException(file + ": has no word of the dictionary");
    }
    return new PhonemeText(file, trained, heldOut);
  }

  private static List<int[]> sequences(String line, PronouncingDictionary dictionary) {
    List<int[]> sequences = new ArrayList<>();
    List<Integer> symbols = new ArrayList<>();
    String plain = line.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    for (String word : plain.split("[^\\p{L}\\p{N}']+", -1)) {
      List<List<String>> known = dictionary.of(word);
      if (known.isEmpty()) {
        known = dictionary.of(word.replaceAll("^'+|'+$", "")); // in quotes
      }
      if (known.isEmpty() || symbols.size() + known.get(0).size() >= LONGEST) {
        add(sequences, symbols);
      }
      if (!known.isEmpty()) {
        known.get(0).forEach(name -> symbols.add(PronouncingDictionary.PHONEMES.indexOf(name)));
        symbols.add(PronouncingDictionary.PHONEMES.size());
      }
    }
    add(sequences, symbols);
    return sequences;
  }

  private static void add(List<int[]> sequences, List<Integer> symbols) {
    if (!symbols.isEmpty()) {
      sequences.add(symbols.stream().mapToInt(Integer::intValue).toArray());
      symbols.clear();
    }
  }
}
