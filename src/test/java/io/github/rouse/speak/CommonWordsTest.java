// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommonWordsTest {
  @Test
  void thereAreNoDuplicatesOrMarkup() {
    List<String> words = CommonWords.english();
    assertTrue(words.size() > 1500, words.size() + " words");
    assertEquals(words.size(), new HashSet<>(words).size());
    assertEquals(List.of(), words.stream().filter(word -> !word.matches("[A-Za-z']+")).toList());
    assertTrue(words.containsAll(List.of("the", "computer", "hey", "Saturday", "alarm")));
  }
}
