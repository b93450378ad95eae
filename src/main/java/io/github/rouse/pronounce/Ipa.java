// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * CMU's phonemes in the International Phonetic Alphabet. Stress is a guess: one vowel of each word,
 * the first that is not usually reduced.
 */
public final class Ipa {
  private static final Map<String, String> SYMBOLS =
      Map.ofEntries(
          Map.entry("AA", "ɑː"),
          Map.entry("AE", "æ"),
          Map.entry("AH", "ʌ"),
          Map.entry("AO", "ɔː"),
          Map.entry("AW", "aʊ"),
          Map.entry("AY", "aɪ"),
          Map.entry("B", "b"),
          Map.entry("CH", "tʃ"),
          Map.entry("D", "d"),
          Map.entry("DH", "ð"),
          Map.entry("EH", "ɛ"),
          Map.entry("ER", "ɜː"),
          Map.entry("EY", "eɪ"),
          Map.entry("F", "f"),
          Map.entry("G", "ɡ"),
          Map.entry("HH", "h"),
          Map.entry("IH", "ɪ"),
          Map.entry("IY", "iː"),
          Map.entry("JH", "dʒ"),
          Map.entry("K", "k"),
          Map.entry("L", "l"),
          Map.entry("M", "m"),
          Map.entry("N", "n"),
          Map.entry("NG", "ŋ"),
          Map.entry("OW", "oʊ"),
          Map.entry("OY", "ɔɪ"),
          Map.entry("P", "p"),
          Map.entry("R", "ɹ"),
          Map.entry("S", "s"),
          Map.entry("SH", "ʃ"),
          Map.entry("T", "t"),
          Map.entry("TH", "θ"),
          Map.entry("UH", "ʊ"),
          Map.entry("UW", "uː"),
          Map.entry("V", "v"),
          Map.entry("W", "w"),
          Map.entry("Y", "j"),
          Map.entry("Z", "z"),
          Map.entry("ZH", "ʒ"));
  private static final Map<String, String> REDUCED = Map.of("AH", "ə", "ER", "ɚ", "IY", "i");
  private static final Set<String> WEAK = Set.of("AH", "ER", "IH");

  private Ipa() {}

  /** Phonemes separated by underscores, words by spaces, each stress before its vowel. */
  public static String of(Pronouncer.Pronounced pronounced) {
    return pronounced.words().stream().map(Ipa::word).collect(Collectors.joining(" "));
  }

  private static String word(List<String> phonemes) {
    int stressed = stressed(phonemes);
    return IntStream.range(0, phonemes.size())
        .mapToObj(
            i -> {
              String symbol = SYMBOLS.get(phonemes.get(i));
              return i == stressed ? "ˈ" + symbol : REDUCED.getOrDefault(phonemes.get(i), symbol);
            })
        .collect(Collectors.joining("_"));
  }

  /** The index of the vowel that is taken to be stressed; -1 if there is no vowel. */
  static int stressed(List<String> phonemes) {
    int full =
        first(
            phonemes,
            i ->
                !WEAK.contains(phonemes.get(i))
                    && !(phonemes.get(i).equals("IY") && i == phonemes.size() - 1));
    int high = first(phonemes, i -> phonemes.get(i).equals("IH"));
    return full >= 0 ? full : high >= 0 ? high : first(phonemes, i -> true);
  }

  private static int first(List<String> phonemes, Predicate<Integer> wanted) {
    return IntStream.range(0, phonemes.size())
        .filter(i -> "AEIOU".indexOf(phonemes.get(i).charAt(0)) >= 0 && wanted.test(i))
        .findFirst()
        .orElse(-1);
  }
}
