// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A text and its pronunciation.
 *
 * @param text as given
 * @param phones its sounds, in order
 */
public record Pronunciation(String text, List<Phone> phones) {
  /**
   * Parses espeak-ng's pronunciation of a text.
   *
   * @param ipa phonemes separated by underscores, words by spaces
   */
  static Pronunciation parse(String text, String ipa) {
    List<Phone> phones =
        Arrays.stream(ipa.replaceAll("\\([^)]*\\)", "").split("[_\\s]+"))
            .flatMap(phoneme -> Phone.parse(phoneme).stream())
            .toList();
    return new Pronunciation(text, phones);
  }

  /** Its sounds in the International Phonetic Alphabet, with stress marks. */
  public List<String> ipa() {
    return phones.stream().map(p -> (p.stressed() ? "ˈ" : "") + p.ipa()).toList();
  }

  /** The number of syllables: one per vowel. */
  public int syllables() {
    return (int) phones.stream().filter(Phone::vowel).count();
  }

  /** The stressed vowels, in order. */
  public List<String> stressed() {
    return phones.stream().filter(Phone::stressed).map(Phone::ipa).toList();
  }

  /** The number of distinct sounds. */
  int different() {
    return sounds().stream().collect(Collectors.toSet()).size();
  }

  /** Whether a syllable (a consonant and the following vowel) occurs twice. */
  boolean repeatsSyllable() {
    List<String> sounds = sounds();
    Set<List<String>> seen = new HashSet<>();
    for (int i = 1; i < sounds.size(); i++) {
      boolean open = phones.get(i).vowel() && !phones.get(i - 1).vowel();
      if (open && !seen.add(sounds.subList(i - 1, i + 1))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the sounds of another pronunciation occur in it consecutively. */
  boolean contains(Pronunciation other) {
    return Collections.indexOfSubList(sounds(), other.sounds()) >= 0;
  }

  private List<String> sounds() {
    return phones.stream().map(Phone::ipa).toList();
  }

  /** The text's words, in lower case. */
  List<String> words() {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}'’]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Whether the texts differ at most in case and punctuation. */
  boolean spellsLike(Pronunciation other) {
    return words().equals(other.words());
  }

  /** The concatenation with another pronunciation. */
  Pronunciation before(Pronunciation next) {
    List<Phone> both = new ArrayList<>(phones);
    both.addAll(next.phones);
    return new Pronunciation(text + " " + next.text, both);
  }

  /** The sounds in reverse order. */
  Pronunciation reversed() {
    List<Phone> backwards = new ArrayList<>(phones);
    Collections.reverse(backwards);
    return new Pronunciation(text, backwards);
  }

  /**
   * Levenshtein distances over sounds, by {@link Phone#cost}, from this to every prefix of another
   * pronunciation.
   *
   * @return [other's sounds + 1], by length of the prefix
   */
  double[] distances(Pronunciation other) {
    int n = other.phones.size();
    double[] row = new double[n + 1];
    for (int i = 0; i < n; i++) {
      row[i + 1] = row[i] + other.phones.get(i).weight();
    }
    for (Phone mine : phones) {
      double diagonal = row[0];
      row[0] += mine.weight();
      for (int i = 0; i < n; i++) {
        Phone theirs = other.phones.get(i);
        double least =
            Math.min(
                diagonal + mine.cost(theirs),
                Math.min(row[i + 1] + mine.weight(), row[i] + theirs.weight()));
        diagonal = row[i + 1];
        row[i + 1] = least;
      }
    }
    return row;
  }
}
