// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.PhonemeLanguage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PseudoWordsTest {
  private static final List<List<String>> HEY_NOVA =
      List.of(List.of("HH", "EY"), List.of("N", "OW", "V", "AH"));

  private static PhonemeLanguage shipped() throws IOException {
    return PhonemeLanguage.read(Path.of("models/pronunciation", PhonemeLanguage.FILE));
  }

  @Test
  void aSeedAlwaysGivesTheSameWords() throws IOException {
    List<List<String>> words = new PseudoWords(shipped(), 1, 7).sample(50);
    assertEquals(words, new PseudoWords(shipped(), 1, 7).sample(50));
    assertNotEquals(words, new PseudoWords(shipped(), 1, 8).sample(50));
    assertEquals(50, new HashSet<>(words).size());
    words.forEach(word -> assertTrue(word.size() >= 3 && word.size() <= 12, word::toString));
  }

  @Test
  void lowTemperaturesGiveLikelierSounds() throws IOException {
    double odd = share(new PseudoWords(shipped(), 1.5, 1).sample(100));
    double usual = share(new PseudoWords(shipped(), 0.7, 1).sample(100));
    assertTrue(usual < 0.7 * odd, usual + " and " + odd);
  }

  /** Share of the phonemes that are rare in English. */
  private static double share(List<List<String>> words) {
    long rare =
        words.stream()
            .flatMap(List::stream)
            .filter(List.of("ZH", "OY", "UH", "TH", "DH", "AW", "JH", "CH", "Y")::contains)
            .count();
    return (double) rare / words.stream().mapToInt(List::size).sum();
  }

  @Test
  void nearPhrasesDifferInOneOrTwoPhonemes() throws IOException {
    List<List<String>> other = List.of(List.of("HH", "EY"), List.of("N", "OW", "V", "ER"));
    List<List<List<String>>> near =
        new PseudoWords(shipped(), 1, 3).near(List.of(HEY_NOVA, other), 100);
    assertEquals(100, new HashSet<>(near).size());
    int once = 0;
    for (List<List<String>> phrase : near) {
      int edits = distance(HEY_NOVA, phrase);
      assertTrue(edits == 1 || edits == 2, phrase::toString);
      assertEquals(2, phrase.size());
      once += edits == 1 ? 1 : 0;
    }
    assertEquals(50, once);
    assertFalse(near.contains(HEY_NOVA));
    assertFalse(near.contains(other));
  }

  @Test
  void aVowelThatSpeakersExchangeIsNoDifference() throws IOException {
    List<String> novi = List.of("N", "OW", "V", "IH");
    assertTrue(PseudoWords.soundLike(HEY_NOVA, List.of(HEY_NOVA.get(0), novi)));
    assertFalse(PseudoWords.soundLike(HEY_NOVA, List.of(novi)));
    assertFalse(PseudoWords.soundLike(List.of(novi), List.of(List.of("N", "OW", "V", "EY"))));
    for (int seed = 1; seed <= 20; seed++) {
      for (List<List<String>> phrase :
          new PseudoWords(shipped(), 1, seed).near(List.of(HEY_NOVA), 60)) {
        assertFalse(PseudoWords.soundLike(HEY_NOVA, phrase), phrase::toString);
      }
    }
  }

  private static int distance(List<List<String>> one, List<List<String>> other) {
    int sum = 0;
    for (int w = 0; w < one.size(); w++) {
      sum += distance(one.get(w), other.get(w), 0, 0);
    }
    return sum;
  }

  private static int distance(List<String> a, List<String> b, int i, int j) {
    if (i == a.size() || j == b.size()) {
      return a.size() - i + b.size() - j;
    }
    int same = distance(a, b, i + 1, j + 1) + (a.get(i).equals(b.get(j)) ? 0 : 1);
    int without = Math.min(distance(a, b, i + 1, j), distance(a, b, i, j + 1)) + 1;
    return Math.min(same, without);
  }

  @Test
  void whatCannotBeFoundIsSaid() {
    PhonemeLanguage tiny = TinyLanguages.model(List.of("AA", "B"), 1);
    assertEquals(
        "found only",
        assertThrows(
                IllegalArgumentException.class, () -> new PseudoWords(tiny, 1, 1).sample(100_000))
            .getMessage()
            .substring(0, 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PseudoWords(tiny, 1, 1).near(List.of(List.of(List.of("B"))), 100));
    assertThrows(IllegalArgumentException.class, () -> new PseudoWords(tiny, 0, 1));
  }

  @Test
  void contextsBranch() throws IOException {
    PhonemeLanguage model = shipped();
    PhonemeContext start = PhonemeContext.start(model);
    PhonemeContext one = start.then(3).then(5);
    PhonemeContext other = start.then(7);
    assertEquals(one.logProbability(2), start.then(3).then(5).logProbability(2));
    assertNotEquals(one.logProbability(2), other.then(5).logProbability(2));
    double sum = 0;
    for (int symbol = 0; symbol <= model.boundary(); symbol++) {
      sum += Math.exp(one.logProbability(symbol));
    }
    assertEquals(1, sum, 1e-5);
  }
}
