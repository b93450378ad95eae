// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PronunciationTest {
  @Test
  void soundsSyllablesAndStressAreParsedFromEspeakPhonemes() {
    Pronunciation nova = said("h_ˈeɪ n_ˈoʊ_v_ə");
    assertEquals(List.of("h", "ˈeɪ", "n", "ˈoʊ", "v", "ə"), nova.ipa());
    assertEquals(3, nova.syllables());
    assertEquals(List.of("eɪ", "oʊ"), nova.stressed());
  }

  @Test
  void anRAttachedToAVowelIsASeparateSound() {
    assertEquals(List.of("dʒ", "ˈɑː", "ɹ", "v", "ɪ", "s"), said("dʒ_ˈɑːɹ_v_ɪ_s").ipa());
  }

  @Test
  void syllabicConsonantsAndTriphthongsAreSyllables() {
    assertEquals(2, said("b_ˈʌ_ʔ_n̩").syllables());
    assertEquals(2, said("f_ˈaɪɚ").syllables());
    assertEquals(1, said("b_ˈɔɪ").syllables());
  }

  @Test
  void tonesPausesAndLanguageMarksAreNotSounds() {
    assertEquals(List.of("n", "ɪ", "θ", "a"), said("(en)_n_ɪ5__θ_a(cmn)_").ipa());
    assertEquals(List.of(), said("").ipa());
  }

  @Test
  void distanceIsZeroToItselfAndSymmetric() {
    Pronunciation nova = said("n_ˈoʊ_v_ə");
    Pronunciation never = said("n_ˈɛ_v_ɚ");
    assertEquals(0, distance(nova, nova));
    assertEquals(
        0.7, distance(nova, never), 1e-9); // 0.5 for the full vowels, 0.2 for the reduced ones
    assertEquals(0.7, distance(never, nova), 1e-9);
    assertEquals(0.8, distance(nova, said("n_ˈoʊ_v_ə_n")), 1e-9);
    assertEquals(0.8, distance(said("n_ˈoʊ_v_ə_n"), nova), 1e-9);
    assertEquals(1.8, distance(said(""), said("ˈoʊ_n")), 1e-9);
  }

  @Test
  void consonantsOfTheSameMannerAndVoicingAreCloser() {
    Pronunciation pat = said("p_ˈæ_t");
    double place = distance(pat, said("k_ˈæ_t"));
    double voicing = distance(pat, said("b_ˈæ_t"));
    double manner = distance(pat, said("m_ˈæ_t"));
    assertTrue(place < voicing && voicing < manner, place + " " + voicing + " " + manner);
    assertEquals(manner, distance(said("m_ˈæ_t"), said("l_ˈæ_t")), "nasal and approximant");
    assertEquals(voicing, distance(said("f_ˈæ_t"), said("v_ˈæ_t")));
  }

  @Test
  void aRepeatedSyllableIsFound() {
    assertTrue(said("b_ˈoʊ_b_oʊ").repeatsSyllable());
    assertFalse(said("b_ˈoʊ_b_i").repeatsSyllable());
  }

  private static Pronunciation said(String ipa) {
    return Pronunciation.parse("word", ipa);
  }

  private static double distance(Pronunciation a, Pronunciation b) {
    return a.distances(b)[b.phones().size()];
  }
}
