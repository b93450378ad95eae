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
 * A text and how it is said.
 *
 * @param text as it was given
 * @param phones its sounds, in order
 */
public record Pronunciation(String text, List<Phone> phones) {
  /**
   * What espeak-ng said of a text.
   *
   * @param ipa phonemes separated by underscores, words by blanks
   */
  static Pronunciation parse(String text, String ipa) {
    List<Phone> phones =
        Arrays.stream(ipa.replaceAll("\\([^)]*\\)", "").split("[_\\s]+"))
            .flatMap(phoneme -> Phone.parse(phoneme).stream())
            .toList();
    return new Pronunciation(text, phones);
  }

  /** Its sounds in the International Phonetic Alphabet, the stressed vowels marked. */
  public List<String> ipa() {
    return phones.stream().map(p -> (p.stressed() ? "ˈ" : "") + p.ipa()).toList();
  }

  /** How many it has: one for each vowel. */
  public int syllables() {
    return (int) phones.stream().filter(Phone::vowel).count();
  }

  /** The vowels that carry stress, in order. */
  public List<String> stressed() {
    return phones.stream().filter(Phone::stressed).map(Phone::ipa).toList();
  }

  /** How many sounds differ from each other. */
  int different() {
    return sounds().stream().collect(Collectors.toSet()).size();
  }

  /** Whether one of its syllables, a vowel with the sound before it, comes twice. */
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

  /** Whether all sounds of another one come in it, one after the other. */
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

  /** Whether the texts are the same but for case and punctuation. */
  boolean spellsLike(Pronunciation other) {
    return words().equals(other.words());
  }

  /** This, then another one. */
  Pronunciation before(Pronunciation next) {
    List<Phone> both = new ArrayList<>(phones);
    both.addAll(next.phones);
    return new Pronunciation(text + " " + next.text, both);
  }

  /** The same backwards. */
  Pronunciation reversed() {
    List<Phone> backwards = new ArrayList<>(phones);
    Collections.reverse(backwards);
    return new Pronunciation(text, backwards);
  }

  /**
   * What it costs to take this for the beginning of another one: a Levenshtein distance over
   * sounds, by {@link Phone#cost}.
   *
   * @return {@code [other's sounds + 1]}, for its beginnings of no sound to all
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
