// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PhonemeLanguage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Invents words: such as a language model of phonemes samples, or such as are one or two phonemes
 * from a given word. The same seed always gives the same words.
 */
public final class PseudoWords {
  private static final int SHORTEST = 3; // phonemes
  private static final int LONGEST = 12;
  private static final int TRIES = 200; // per word asked for, in all
  private static final int SECOND_EDITS = 40; // tried on each word that differs in one phoneme

  /** Phonemes that speakers exchange in one and the same word. */
  private static final Set<Set<String>> ALIKE =
      Set.of(
          Set.of("AH", "IH"),
          Set.of("AH", "EH"),
          Set.of("AH", "UH"),
          Set.of("AH", "AA"),
          Set.of("AH", "ER"),
          Set.of("AA", "AO"),
          Set.of("IH", "IY"),
          Set.of("UH", "UW"));

  private final PhonemeLanguage model;
  private final PhonemeContext start;
  private final double temperature;
  private final SplittableRandom random;

  /**
   * Prepares to invent.
   *
   * @param temperature 1 for the model's probabilities, less for likelier words, above 0
   */
  public PseudoWords(PhonemeLanguage model, double temperature, long seed) {
    if (!(temperature > 0 && temperature <= 10)) {
      throw new IllegalArgumentException(
          "temperature=" + temperature + ", expected above 0 and at most 10");
    }
    this.model = model;
    start = PhonemeContext.start(model);
    this.temperature = temperature;
    random = new SplittableRandom(seed);
  }

  /**
   * Samples different words of 3 to 12 phonemes. By chance, some are words of the language.
   *
   * @throws IllegalArgumentException if the model finds too few at this temperature
   */
  public List<List<String>> sample(int count) {
    Set<List<String>> words = new LinkedHashSet<>();
    for (long tries = 0; words.size() < count; tries++) {
      if (tries == (long) TRIES * count) {
        throw new IllegalArgumentException(
            String.format(
                "found only %d of %d different words at temperature=%s",
                words.size(), count, temperature));
      }
      List<String> word = sample();
      if (word.size() >= SHORTEST && word.size() <= LONGEST) {
        words.add(word);
      }
    }
    return List.copyOf(words);
  }

  private List<String> sample() {
    List<String> word = new ArrayList<>();
    PhonemeContext context = start;
    while (word.size() <= LONGEST) {
      int symbol = draw(context);
      if (symbol == model.boundary()) {
        break;
      }
      word.add(model.phonemes().get(symbol));
      context = context.then(symbol);
    }
    return word;
  }

  /** Draws a symbol by its probability at the temperature (Gumbel-max). */
  private int draw(PhonemeContext context) {
    int drawn = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int symbol = 0; symbol <= model.boundary(); symbol++) {
      double score = context.logProbability(symbol) / temperature + gumbel();
      if (score > most) {
        most = score;
        drawn = symbol;
      }
    }
    return drawn;
  }

  private double gumbel() {
    return -Math.log(-Math.log(Math.max(random.nextDouble(), Double.MIN_NORMAL)));
  }

  /**
   * Invents different phrases that are one or two phonemes from a given one, likelier ones more
   * often; half of them one phoneme away, if there are enough. A vowel that speakers exchange
   * within a word is no difference.
   *
   * @param pronunciations of the given phrase: the first one is changed, and none is invented
   * @return phonemes of each word of each phrase
   * @throws IllegalArgumentException if there are too few
   */
  public List<List<List<String>>> near(List<List<List<String>>> pronunciations, int count) {
    List<List<List<String>>> once = changed(pronunciations.get(0));
    once.removeIf(phrase -> soundsLikeOne(phrase, pronunciations));
    List<List<List<String>>> near = drawn(once, (count + 1) / 2);
    Set<List<List<String>>> seen = new HashSet<>(once);
    List<List<List<String>>> twice = new ArrayList<>();
    for (List<List<String>> first : drawn(once, Math.max(near.size(), SECOND_EDITS))) {
      List<List<List<String>>> second = changed(first);
      for (int i = 0; i < SECOND_EDITS; i++) {
        List<List<String>> one = second.get(random.nextInt(second.size()));
        if (seen.add(one) && !soundsLikeOne(one, pronunciations)) {
          twice.add(one);
        }
      }
    }
    near.addAll(drawn(twice, count - near.size()));
    if (near.size() < count) {
      throw new IllegalArgumentException(
          "found only " + near.size() + " of " + count + " phrases near the given one");
    }
    return near;
  }

  private static boolean soundsLikeOne(
      List<List<String>> phrase, List<List<List<String>>> pronunciations) {
    return pronunciations.stream().anyMatch(pronunciation -> soundLike(phrase, pronunciation));
  }

  /** Whether two phrases differ at most in vowels that speakers exchange. */
  static boolean soundLike(List<List<String>> one, List<List<String>> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int w = 0; w < one.size(); w++) {
      List<String> a = one.get(w);
      List<String> b = other.get(w);
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!a.get(i).equals(b.get(i)) && !ALIKE.contains(Set.of(a.get(i), b.get(i)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Every phrase with one phoneme replaced, removed or added; words keep at least one. */
  private List<List<List<String>>> changed(List<List<String>> phrase) {
    Set<List<List<String>>> changed = new LinkedHashSet<>(); // in a fixed order
    for (int w = 0; w < phrase.size(); w++) {
      List<String> word = phrase.get(w);
      for (int i = 0; i <= word.size(); i++) {
        for (String phoneme : model.phonemes()) {
          changed.add(with(phrase, w, i, i, List.of(phoneme)));
          if (i < word.size()) {
            changed.add(with(phrase, w, i, i + 1, List.of(phoneme)));
          }
        }
        if (i < word.size() && word.size() > 1) {
          changed.add(with(phrase, w, i, i + 1, List.of()));
        }
      }
    }
    return new ArrayList<>(changed);
  }

  private static List<List<String>> with(
      List<List<String>> phrase, int word, int from, int to, List<String> instead) {
    List<String> phonemes = new ArrayList<>(phrase.get(word));
    phonemes.subList(from, to).clear();
    phonemes.addAll(from, instead);
    List<List<String>> words = new ArrayList<>(phrase);
    words.set(word, List.copyOf(phonemes));
    return List.copyOf(words);
  }

  /** Draws some without replacement, by their probability at the temperature (Gumbel-top-k). */
  private List<List<List<String>>> drawn(List<List<List<String>>> phrases, int count) {
    Map<List<List<String>>, Double> scores = new HashMap<>();
    for (List<List<String>> phrase : phrases) {
      scores.put(phrase, logProbability(phrase) / temperature + gumbel());
    }
    List<List<List<String>>> order = new ArrayList<>(phrases);
    order.sort(Comparator.comparingDouble((List<List<String>> one) -> -scores.get(one)));
    return new ArrayList<>(order.subList(0, Math.min(count, order.size())));
  }

  private double logProbability(List<List<String>> phrase) {
    List<Integer> symbols = new ArrayList<>();
    for (List<String> word : phrase) {
      word.forEach(phoneme -> symbols.add(model.symbol(phoneme)));
      symbols.add(model.boundary());
    }
    return start.logProbability(symbols.stream().mapToInt(Integer::intValue).toArray());
  }
}
