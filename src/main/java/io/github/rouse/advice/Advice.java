package io.github.rouse.advice;

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
 * What to think of a word before recording it.
 *
 * @param rating of the word
 * @param suggestions what would do better, good ones and short ones first; none for a good word
 */
public record Advice(Rating rating, List<Rating> suggestions) {
  /** The voice whose pronunciation counts. */
  public static final String VOICE = "en-us";

  private static final int LONGEST = 100; // characters of a word
  private static final String SYMBOLS = "[^\\p{L}\\p{M}\\p{N}'’-]+";
  private static final int SUGGESTED = 3;
  private static final String COMPANION = "robot"; // three different sounds that carry

  /**
   * Advises on a word.
   *
   * @param models words of models that will listen beside it
   * @param voice of espeak-ng; English ones are compared with common words
   * @throws IllegalArgumentException if there is nothing to say, too much, or in other letters
   * @throws IOException if espeak-ng is not installed or fails
   */
  public static Advice on(String word, List<String> models, String voice) throws IOException {
    String asked = word.strip().replaceAll("\\s+", " ");
    check(asked, voice);
    List<String> candidates = isEnglish(voice) ? candidates(asked) : List.of(asked);
    List<String> common = isEnglish(voice) ? Vocabulary.english() : List.of();
    List<String> texts = new ArrayList<>(candidates);
    texts.addAll(common);
    texts.addAll(Vocabulary.DEVICES);
    texts.addAll(models);
    List<String> ipa = Espeak.ipa(texts, voice);
    List<Pronunciation> said = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      said.add(Pronunciation.parse(texts.get(i), ipa.get(i)));
    }
    if (said.get(0).syllables() == 0 || ipa.get(0).contains("(")) { // goes on in another language
      throw new IllegalArgumentException(
          "word=" + asked + ": voice " + voice + " does not pronounce it; give another --voice");
    }
    int from = candidates.size();
    int devices = from + common.size();
    int last = devices + Vocabulary.DEVICES.size();
    Vocabulary vocabulary =
        new Vocabulary(
            said.subList(from, devices),
            said.subList(devices, last),
            said.subList(last, said.size()));
    return of(said.subList(0, from), vocabulary);
  }

  /** Rates the first of these, and suggests those of the others that are better. */
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
      throw new IllegalArgumentException("word=" + word + ", expected something to say");
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
          "word=" + word + ": voice " + voice + " reads Latin letters; give another --voice");
    }
  }

  private static boolean isEnglish(String voice) {
    return voice.equals("en") || voice.startsWith("en-");
  }

  /** The word, and what might be better: longer ones with a call or a companion, shorter ones. */
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
