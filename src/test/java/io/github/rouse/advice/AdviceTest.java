// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.advice.Confusable.Origin;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdviceTest {
  @Test
  @NeedsEspeak
  void suggestionsScoreHigherAndTheSameAsWhenRatedAlone() throws IOException {
    Advice advice = on("bobo");
    assertFalse(advice.suggestions().isEmpty());
    for (Rating suggested : advice.suggestions()) {
      assertTrue(suggested.score() > advice.rating().score(), suggested.word().text());
      assertEquals(on(suggested.word().text()).rating().score(), suggested.score());
    }
  }

  @Test
  @NeedsEspeak
  void knownWordsGetTheirVerdicts() throws IOException {
    assertEquals(Rating.Verdict.GOOD, on("hey nova").rating().verdict());
    assertEquals(List.of(), on("hey nova").suggestions());
    assertEquals(Rating.Verdict.FAIR, on("computer").rating().verdict());
    assertEquals(Rating.Verdict.POOR, on("go").rating().verdict());
    assertEquals(Rating.Verdict.POOR, on("no way").rating().verdict());
  }

  @Test
  @NeedsEspeak
  void hyphensMarkupAndEspeakPhonemesAreReadAsText() throws IOException {
    assertEquals(on("ex ray").rating().word().ipa(), on("--ex [ray]").rating().word().ipa());
    assertEquals(on("b nova").rating().word().ipa(), on("<b> [[nova").rating().word().ipa());
    assertEquals(on("hey nova").rating().score(), on("Hey,\n nova!").rating().score());
  }

  @Test
  @NeedsEspeak
  void wordsOfAnotherLanguageAreNotComparedWithEnglishWords() throws IOException {
    Rating rating = Advice.on("Computer", List.of(), "de").rating();
    assertEquals(
        Set.of(Origin.DEVICE), rating.near().stream().map(Confusable::origin).collect(toSet()));
    assertTrue(rating.reasons().toString().contains("not compared"), rating.reasons().toString());
    IOException problem =
        assertThrows(IOException.class, () -> Advice.on("nova", List.of(), "zzz"));
    assertTrue(problem.getMessage().startsWith("espeak-ng: exited with 1"), problem.getMessage());
  }

  @Test
  void unpronounceableTextIsRejectedBeforeRunningEspeak() {
    for (String word : List.of("", " ", "...", "'", "привет", "東京", "a".repeat(101))) {
      assertThrows(IllegalArgumentException.class, () -> on(word), word);
    }
  }

  private static Advice on(String word) throws IOException {
    return Advice.on(word, List.of(), Advice.VOICE);
  }
}
