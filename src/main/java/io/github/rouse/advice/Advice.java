// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import io.github.rouse.pronounce.Ipa;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.speak.CommonWords;
import io.github.rouse.speak.Espeak;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The rating of a wake word and better alternatives.
 *
 * @param rating of the word
 * @param suggestions better-rated alternatives, by verdict, then shortest first; none for a good
 *     word
 */
public record Advice(Rating rating, List<Rating> suggestions) {
  /** The default voice for pronunciations. */
  public static final String VOICE = "en-us";

  private static final int LONGEST = 100; // characters of a word
  private static final String SYMBOLS = "[^\\p{L}\\p{M}\\p{N}'’-]+";
  private static final int SUGGESTED = 3;
  private static final String COMPANION = "robot"; // three distinct sounds that carry

  /**
   * Rates a word and looks for better alternatives.
   *
   * @param models words of the models in use
   * @param voice of espeak-ng; English words are compared with common words
   * @throws IllegalArgumentException if the word is empty, too long or not in the voice's alphabet
   * @throws IOException if espeak-ng is not installed or fails
   */
  public static Advice on(String word, List<String> models, String voice) throws IOException {
    return on(word, models, voice, null);
  }

  /**
   * Likewise, for an English word that Rouse pronounces itself.
   *
   * @param pronouncer in place of espeak-ng, or null
   */
  public static Advice on(String word, List<String> models, String voice, Pronouncer pronouncer)
      throws IOException {
    String trimmed = word.strip().replaceAll("\\s+", " ");
    check(trimmed, voice);
    List<String> candidates = isEnglish(voice) ? candidates(trimmed) : List.of(trimmed);
    List<String> common = isEnglish(voice) ? CommonWords.english() : List.of();
    List<String> texts = new ArrayList<>(candidates);
    texts.addAll(common);
    texts.addAll(Vocabulary.DEVICES);
    texts.addAll(pronouncer == null ? models : models.stream().filter(Pronouncer::reads).toList());
    List<String> ipa =
        pronouncer == null
            ? Espeak.ipa(texts, voice)
            : texts.stream().map(text -> Ipa.of(pronouncer.pronounce(text, 1).get(0))).toList();
    List<Pronunciation> pronunciations = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      pronunciations.add(Pronunciation.parse(texts.get(i), ipa.get(i)));
    }
    boolean foreign = ipa.get(0).contains("("); // espeak-ng switched to another language
    if (pronunciations.get(0).syllables() == 0 || foreign) {
      throw new IllegalArgumentException(
          "word=" + trimmed + ": voice " + voice + " cannot pronounce it; choose another --voice");
    }
    int from = candidates.size();
    int devices = from + common.size();
    int last = devices + Vocabulary.DEVICES.size();
    Vocabulary vocabulary =
        new Vocabulary(
            pronunciations.subList(from, devices),
            pronunciations.subList(devices, last),
            pronunciations.subList(last, pronunciations.size()));
    return of(pronunciations.subList(0, from), vocabulary);
  }

  /** Rates the first candidate and suggests the others that score higher. */
  static Advice of(List<Pronunciation> candidates, Vocabulary vocabulary) {
    Rating rating = Rating.of(candidates.get(0), vocabulary);
    if (rating.verdict() == Rating.Verdict.GOOD) {
      return new Advice(rating, List.of());
    }
    List<Rating> better =
        candidates.stream()
            .skip(1)
            .map(c -> Rating.of(c, vocabulary))
            .filter(r -> r.score() > rating.score())
            .sorted(
                Comparator.comparing(Rating::verdict)
                    .thenComparing(r -> r.word().syllables())
                    .thenComparing(r -> -r.score()))
            .limit(SUGGESTED)
            .toList();
    return new Advice(rating, better);
  }

  private static void check(String word, String voice) {
    if (word.codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new IllegalArgumentException("word=" + word + ", expected letters or digits");
    }
    if (word.length() > LONGEST) {
      throw new IllegalArgumentException(
          "word of " + word.length() + " characters, expected at most " + LONGEST);
    }
    if (isEnglish(voice)
        && word.codePoints()
            .filter(Character::isLetter)
            .anyMatch(c -> Character.UnicodeScript.of(c) != Character.UnicodeScript.LATIN)) {
      throw new IllegalArgumentException(
          "word=" + word + ": voice " + voice + " reads Latin letters; choose another --voice");
    }
  }

  /** Whether a voice speaks English. */
  public static boolean isEnglish(String voice) {
    return voice.equals("en") || voice.startsWith("en-");
  }

  /** The word and its alternatives: with a call or a companion added, or shortened. */
  private static List<String> candidates(String word) {
    List<String> words = List.of(word.replaceAll(SYMBOLS, " ").strip().split(" "));
    boolean called = Vocabulary.isCall(words.get(0).toLowerCase(Locale.ROOT));
    boolean name = words.size() == (called ? 2 : 1);
    String bare = String.join(" ", words);
    Set<String> candidates = new LinkedHashSet<>(Arrays.asList(word, bare));
    if (name) {
      candidates.add(bare + " " + COMPANION);
    }
    for (String call : called ? List.<String>of() : Vocabulary.CALLS) {
      candidates.add(call + " " + bare);
      if (name) {
        candidates.add(call + " " + bare + " " + COMPANION);
      }
    }
    for (int cut = 1; cut < words.size(); cut++) {
      candidates.add(String.join(" ", words.subList(0, cut)));
      candidates.add(String.join(" ", words.subList(cut, words.size())));
    }
    return List.copyOf(candidates);
  }
}
