// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PronouncerTest {
  private static final PronouncingDictionary DICTIONARY =
      new PronouncingDictionary(
          Map.of(
              "hey", List.of(List.of("HH", "EY")),
              "nova", List.of(List.of("N", "OW", "V", "AH")),
              "e-mail", List.of(List.of("IY", "M", "EY", "L")),
              "cab", List.of(List.of("K", "AE", "B"), List.of("K", "AA", "B")),
              "okay", List.of(List.of("OW", "K", "EY"))));

  private static String read(String text, PronouncingDictionary dictionary) {
    return SpokenForm.of(text, dictionary).stream()
        .map(
            readings ->
                readings.stream()
                    .map(words -> String.join(" ", words))
                    .collect(Collectors.joining("|")))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "hey, Nova!; hey, nova",
        "OK TV; okay, t. v.",
        "tv; t. v.",
        "TVs; t. v. 's",
        "NASA; n. a. s. a.|nasa",
        "HEY ROVER; hey, rover",
        "U.S.A.; u. s. a.",
        "e-mail; e-mail",
        "X-ray; x., ray",
        "don't!; don't",
        "‘Zoë’; zoe",
        "Dr. Who; doctor, who",
        "R2D2; r., two, d., two",
        "a cat; a|a., cat",
        "rock & roll; rock, and, roll",
        "0; zero",
        "007; zero zero seven",
        "15; fifteen",
        "42; forty two",
        "1,000,001; one million one",
        "2305; twenty three o. five|two thousand three hundred five",
        "1900; nineteen hundred|one thousand nine hundred",
        "2024; twenty twenty four|two thousand twenty four",
        "21st; twenty first",
        "30th; thirtieth",
        "3.5; three point five",
        "1234567890; one two three four five six seven eight nine zero",
      })
  void textIsReadAsWords(String text, String expected) {
    assertEquals(expected, read(text, DICTIONARY));
  }

  @Test
  void theDictionaryComesFirstAndTheNetworkWeighs() {
    Pronouncer pronouncer = new Pronouncer(TinyPronunciations.model(1), DICTIONARY);
    List<Pronouncer.Pronounced> nova = pronouncer.pronounce("hey nova", 3);
    assertEquals(1, nova.size());
    assertEquals(List.of("HH", "EY", "N", "OW", "V", "AH"), nova.get(0).phonemes());
    assertEquals(1, nova.get(0).probability());
    List<Pronouncer.Pronounced> letters = pronouncer.pronounce("TV", 3);
    assertEquals(List.of("T", "IY", "V", "IY"), letters.get(0).phonemes());
  }

  @Test
  void severalPronunciationsAreDifferentAndBestFirst() {
    Pronouncer pronouncer = new Pronouncer(TinyPronunciations.model(2), null);
    List<Pronouncer.Pronounced> all = pronouncer.pronounce("cab abba", 5);
    assertTrue(all.size() > 1, all.toString());
    assertEquals(all.size(), all.stream().map(Pronouncer.Pronounced::words).distinct().count());
    double before = 1;
    for (Pronouncer.Pronounced one : all) {
      assertEquals(2, one.words().size());
      assertTrue(one.probability() <= before, all.toString());
      before = one.probability();
    }
  }

  @Test
  void whatIsNoEnglishTextIsRefused() {
    Pronouncer pronouncer = new Pronouncer(TinyPronunciations.model(1), null);
    Map<String, String> messages =
        Map.of(
            "",
            "text=, expected letters or digits",
            "?! ",
            "text=?!, expected letters or digits",
            "x".repeat(300),
            "text of 300 characters, expected at most 100",
            "привет",
            "text=привет, expected the letters and digits of English");
    messages.forEach(
        (text, message) ->
            assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> pronouncer.pronounce(text, 1))
                    .getMessage()));
  }
}
