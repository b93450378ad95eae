// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import io.github.rouse.advice.Confusable.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The words that a wake word is compared with.
 *
 * @param common words of everyday speech
 * @param devices wake words of other devices
 * @param models words of the models in use
 */
record Vocabulary(
    List<Pronunciation> common, List<Pronunciation> devices, List<Pronunciation> models) {
  /**
   * Calls, said before a name to address somebody. Picovoice
   * (picovoice.ai/blog/tips-for-choosing-a-wake-word) advises "hey" and "OK".
   */
  static final List<String> CALLS = List.of("hey", "okay", "hello");

  private static final Set<String> ALL_CALLS = Set.of("hey", "hi", "hello", "okay", "ok");

  /**
   * Fewest syllables of a call with a name: "hey computer" (a good example in Microsoft's
   * guidelines) rather than "hello there".
   */
  private static final int CALLED_SYLLABLES = 4;

  /** Wake words of popular devices and programs. */
  static final List<String> DEVICES =
      List.of(
          "alexa",
          "amazon",
          "echo",
          "computer",
          "ziggy",
          "hey google",
          "okay google",
          "siri",
          "hey siri",
          "cortana",
          "hey cortana",
          "hi bixby",
          "hey mycroft",
          "hey jarvis",
          "okay nabu");

  private static final int SHOWN = 3; // of each origin
  private static final int TRIED = 6; // words for each part of a phrase

  /** The most similar words of each origin, most similar first. */
  List<Confusable> near(Pronunciation word) {
    List<Confusable> all = new ArrayList<>();
    if (everyday(word)) {
      boolean rare = isCall(word.words().get(0)) && word.syllables() >= CALLED_SYLLABLES;
      all.add(new Confusable(rare ? Origin.PHRASE : Origin.SPEECH, word.text(), 1));
    }
    all.addAll(nearest(Origin.WORD, common.stream().filter(c -> !isPart(c, word)), word));
    all.addAll(nearest(Origin.DEVICE, devices.stream().filter(d -> !word.contains(d)), word));
    devices.stream()
        .filter(word::contains)
        .forEach(d -> all.add(new Confusable(Origin.DEVICE, d.text(), 1)));
    all.addAll(nearest(Origin.MODEL, models.stream().filter(m -> !m.spellsLike(word)), word));
    all.addAll(phrases(word));
    return all.stream()
        .filter(c -> c.likeness() >= Confusable.LIKE)
        .sorted(Comparator.comparingDouble(Confusable::likeness).reversed())
        .toList();
  }

  private static boolean isPart(Pronunciation common, Pronunciation word) {
    return word.words().size() > 1 && word.words().containsAll(common.words());
  }

  /** Whether it has several words, all common. */
  private boolean everyday(Pronunciation word) {
    return word.words().size() > 1 && word.words().stream().allMatch(this::isCommon);
  }

  /** Whether a word is said before a name. */
  static boolean isCall(String word) {
    return ALL_CALLS.contains(word);
  }

  /** Whether a word is in the list of common ones. */
  boolean isCommon(String word) {
    return common.stream().anyMatch(c -> c.text().equalsIgnoreCase(word));
  }

  private static List<Confusable> nearest(
      Origin origin, Stream<Pronunciation> from, Pronunciation word) {
    int n = word.phones().size();
    return best(from.map(c -> Confusable.of(origin, c, c.distances(word)[n], n)));
  }

  /**
   * The most similar phrases of two common words. The distance of a phrase is the least sum, over
   * all places to cut the word, of its words' distances to the two parts; so each part is searched
   * alone.
   */
  private List<Confusable> phrases(Pronunciation word) {
    int n = word.phones().size();
    List<Pronunciation> others = common.stream().filter(c -> !c.contains(word)).toList();
    List<double[]> starts = others.stream().map(c -> c.distances(word)).toList();
    Pronunciation backwards = word.reversed();
    List<double[]> ends = others.stream().map(c -> c.reversed().distances(backwards)).toList();
    List<Confusable> found = new ArrayList<>();
    for (int cut = 1; cut < n; cut++) {
      for (int first : least(starts, cut)) {
        for (int second : least(ends, n - cut)) {
          Pronunciation both = others.get(first).before(others.get(second));
          double distance = starts.get(first)[cut] + ends.get(second)[n - cut];
          if (!both.spellsLike(word)) {
            found.add(Confusable.of(Origin.PHRASE, both, distance, n));
          }
        }
      }
    }
    return best(found.stream());
  }

  /** Indices of the rows with the least distances at a position. */
  private static List<Integer> least(List<double[]> distances, int at) {
    return IntStream.range(0, distances.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> distances.get(i)[at]))
        .limit(TRIED)
        .toList();
  }

  private static List<Confusable> best(Stream<Confusable> from) {
    Map<String, Confusable> byText = new LinkedHashMap<>();
    from.sorted(Comparator.comparingDouble(Confusable::likeness).reversed())
        .forEach(c -> byText.putIfAbsent(c.text(), c));
    return byText.values().stream().limit(SHOWN).toList();
  }
}
