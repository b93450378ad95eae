// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.advice.Confusable.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatingTest {
  private static final Pronunciation HEY_NOVA = said("hey nova", "h_ˈeɪ n_ˈoʊ_v_ə");
  private static final Pronunciation GO = said("go", "ɡ_ˈoʊ");
  private static final Pronunciation COMPUTER = said("computer", "k_ə_m_p_j_ˈuː_ɾ_ɚ");
  private static final List<Pronunciation> COMMON =
      List.of(
          said("hey", "h_ˈeɪ"),
          GO,
          said("going", "ɡ_ˈoʊ_ɪ_ŋ"),
          COMPUTER,
          said("never", "n_ˈɛ_v_ɚ"),
          said("rule", "ɹ_ˈuː_l"));
  private static final List<Pronunciation> NONE = List.of();

  @Test
  void aLongVariedAndUniqueWordKeepsItsPoints() {
    Rating rating = Rating.of(HEY_NOVA, new Vocabulary(List.of(GO), NONE, NONE));
    assertEquals(List.of(), rating.reasons());
    assertEquals(100, rating.score());
    assertEquals(Rating.Verdict.GOOD, rating.verdict());
  }

  @Test
  void aShortCommonWordLosesPointsForEachReason() {
    Rating rating = Rating.of(GO, new Vocabulary(COMMON, NONE, NONE));
    assertEquals(List.of(50, 40, 30), points(rating)); // syllables, phonemes, common word
    assertEquals(0, rating.score());
    assertEquals(Rating.Verdict.POOR, rating.verdict());
  }

  @Test
  void aCommonWordIsFairAtBest() {
    Rating rating = Rating.of(COMPUTER, new Vocabulary(COMMON, NONE, NONE));
    assertEquals(List.of(30), points(rating));
    assertEquals("is \"computer\", a common word", rating.reasons().get(0).text());
    assertEquals(Rating.Verdict.FAIR, rating.verdict());
  }

  @Test
  void aSimilarPhraseOfCommonWordsIsFound() {
    Rating rating = Rating.of(HEY_NOVA, new Vocabulary(COMMON, NONE, NONE));
    Confusable nearest = rating.near().get(0);
    assertEquals(new Confusable(Origin.PHRASE, "hey never", 1 - 0.7 / 6), nearest);
    assertEquals(List.of(11), points(rating)); // 30 * 0.5 * 0.283 / 0.4
  }

  @Test
  void aWordContainedInAnotherIsReported() {
    Rating rating =
        Rating.of(said("goy", "ɡ_ˈoʊ_ɪ"), new Vocabulary(COMMON.subList(2, 3), NONE, NONE));
    assertTrue(
        rating.reasons().contains(new Rating.Reason(10, "occurs in: going")),
        rating.reasons().toString());
  }

  @Test
  void wakeWordsOfOtherDevicesCostMoreThanThoseOfOwnModels() {
    List<Pronunciation> like = List.of(said("nay nova", "n_ˈeɪ n_ˈoʊ_v_ə"));
    int device = Rating.of(HEY_NOVA, new Vocabulary(NONE, like, NONE)).score();
    int model = Rating.of(HEY_NOVA, new Vocabulary(NONE, NONE, like)).score();
    assertTrue(device < model && model < 100, device + " " + model);
    Rating same = Rating.of(HEY_NOVA, new Vocabulary(List.of(GO), NONE, List.of(HEY_NOVA)));
    assertEquals(List.of(0), points(same)); // a remark only
  }

  @Test
  void digitsRepetitionWeakSoundsAndLengthCostPoints() {
    Vocabulary empty = new Vocabulary(List.of(GO), NONE, NONE);
    assertEquals(
        List.of(10), points(Rating.of(said("nova 5", "n_ˈoʊ_v_ə f_ˈaɪ_v_k"), empty)), "digit");
    assertEquals(
        List.of(37, 10), points(Rating.of(said("no", "n_ˈoʊ n_ˈoʊ n_ˈoʊ"), empty)), "repeated");
    assertEquals(List.of(10), points(Rating.of(said("x", "h_ˈeɪ f_ɪ_θ_uː"), empty)), "faint");
    assertEquals(
        List.of(20),
        points(Rating.of(said("x", "b_a k_e m_o n_u s_i l_ɔ t_ʌ d_ɛ"), empty)),
        "eight syllables");
  }

  private static List<Integer> points(Rating rating) {
    return rating.reasons().stream().map(Rating.Reason::points).toList();
  }

  private static Pronunciation said(String text, String ipa) {
    return Pronunciation.parse(text, ipa);
  }
}
