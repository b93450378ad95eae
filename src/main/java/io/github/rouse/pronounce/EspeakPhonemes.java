// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** CMU's phonemes as espeak-ng's English voices read them. Stress is a guess, as in {@link Ipa}. */
public final class EspeakPhonemes {
  private static final String SCHWA = "@";

  private static final Map<String, String> MNEMONICS =
      Map.ofEntries(
          Map.entry("AA", "A:"),
          Map.entry("AE", "a"),
          Map.entry("AH", "V"),
          Map.entry("AO", "O:"),
          Map.entry("AW", "aU"),
          Map.entry("AY", "aI"),
          Map.entry("B", "b"),
          Map.entry("CH", "tS"),
          Map.entry("D", "d"),
          Map.entry("DH", "D"),
          Map.entry("EH", "E"),
          Map.entry("ER", "3:"),
          Map.entry("EY", "eI"),
          Map.entry("F", "f"),
          Map.entry("G", "g"),
          Map.entry("HH", "h"),
          Map.entry("IH", "I"),
          Map.entry("IY", "i:"),
          Map.entry("JH", "dZ"),
          Map.entry("K", "k"),
          Map.entry("L", "l"),
          Map.entry("M", "m"),
          Map.entry("N", "n"),
          Map.entry("NG", "N"),
          Map.entry("OW", "oU"),
          Map.entry("OY", "OI"),
          Map.entry("P", "p"),
          Map.entry("R", "r"),
          Map.entry("S", "s"),
          Map.entry("SH", "S"),
          Map.entry("T", "t"),
          Map.entry("TH", "T"),
          Map.entry("UH", "U"),
          Map.entry("UW", "u:"),
          Map.entry("V", "v"),
          Map.entry("W", "w"),
          Map.entry("Y", "j"),
          Map.entry("Z", "z"),
          Map.entry("ZH", "Z"));

  private EspeakPhonemes() {}

  /**
   * A text for espeak-ng that is read as these phonemes.
   *
   * @param words phonemes of each word
   */
  public static String of(List<List<String>> words) {
    return words.stream().map(EspeakPhonemes::word).collect(Collectors.joining(" ", "[[", "]]"));
  }

  private static String word(List<String> phonemes) {
    int stressed = Ipa.stressed(phonemes);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < phonemes.size(); i++) {
      boolean schwa = phonemes.get(i).equals("AH") && i != stressed;
      word.append(i == stressed ? "'" : "")
          .append(schwa ? SCHWA : MNEMONICS.get(phonemes.get(i)))
          .append('|'); // not to be read as one mnemonic with the next
    }
    return word.toString();
  }
}
