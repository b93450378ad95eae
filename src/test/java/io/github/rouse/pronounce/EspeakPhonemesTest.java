// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EspeakPhonemesTest {
  @Test
  void wordsAreStressedOnTheirFirstFullVowel() {
    assertEquals(
        "[[h|'eI| n|'oU|v|@|]]",
        EspeakPhonemes.of(List.of(List.of("HH", "EY"), List.of("N", "OW", "V", "AH"))));
    assertEquals("[[@|b|'aU|t|]]", EspeakPhonemes.of(List.of(List.of("AH", "B", "AW", "T"))));
    assertEquals("[[k|'V|p|]]", EspeakPhonemes.of(List.of(List.of("K", "AH", "P"))));
    assertEquals("[[s|'I|t|i:|]]", EspeakPhonemes.of(List.of(List.of("S", "IH", "T", "IY"))));
    assertEquals("[[s|t|]]", EspeakPhonemes.of(List.of(List.of("S", "T"))));
  }

  @Test
  void everyPhonemeHasAMnemonic() {
    for (String phoneme : PronouncingDictionary.PHONEMES) {
      String text = EspeakPhonemes.of(List.of(List.of("K", phoneme)));
      assertTrue(text.matches("\\[\\[k\\|'?[A-Za-z3:]+\\|]]"), text);
    }
  }
}
