// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.nn.AttentionDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
  private static final int LONGEST = 8; // phonemes tried by brute force

  /** The probability of a pronunciation, computed alone. */
  private static double probability(PronunciationModel model, String word, List<String> phonemes) {
    AttentionDecoder.Decoding decoding = model.decoder().prepare().decode(model.encode(word));
    float[][] state = new float[1][model.decoder().units()];
    int previous = model.end();
    double p = 1;
    for (int i = 0; i <= phonemes.size(); i++) {
      int next = i < phonemes.size() ? model.phonemes().indexOf(phonemes.get(i)) : model.end();
      float[] logits =
          decoding.step(new int[] {previous}, state, new float[1][word.length() + 1])[0];
      double total = 0;
      for (float logit : logits) {
        total += Math.exp(logit);
      }
      p *= Math.exp(logits[next]) / total;
      previous = next;
    }
    return p;
  }

  private static void all(
      PronunciationModel model, String word, List<String> start, Map<List<String>, Double> found) {
    found.put(start, probability(model, word, start));
    if (start.size() < LONGEST) {
      for (String phoneme : model.phonemes()) {
        List<String> longer = new ArrayList<>(start);
        longer.add(phoneme);
        all(model, word, longer, found);
      }
    }
  }

  @Test
  void aWideBeamFindsWhatBruteForceFinds() {
    int compared = 0;
    for (int seed = 1; seed <= 4; seed++) {
      for (double alpha : new double[] {0, 0.6}) {
        PronunciationModel model = TinyPronunciations.model(seed);
        Map<List<String>, Double> all = new HashMap<>();
        all(model, "cab", List.of(), all);
        List<List<String>> best =
            all.keySet().stream()
                .sorted(
                    Comparator.comparingDouble(
                        p -> -Math.log(all.get(p)) / Math.pow(p.size() + 1, alpha)))
                .toList();
        List<BeamSearch.Transcription> found =
            new BeamSearch(model, 2000, alpha, 0)
                .search("cab", 2000).stream()
                    .filter(one -> one.phonemes().size() <= LONGEST)
                    .toList();
        for (int i = 0; i < 5; i++) {
          compared++;
          assertEquals(best.get(i), found.get(i).phonemes(), "seed " + seed + ", place " + i);
          assertEquals(all.get(best.get(i)), found.get(i).probability(), 1e-6);
        }
      }
    }
    assertEquals(4 * 2 * 5, compared);
  }

  @Test
  void aNarrowBeamFindsProbabilitiesOfWhatItReturns() {
    PronunciationModel model = TinyPronunciations.model(3);
    List<BeamSearch.Transcription> found = new BeamSearch(model, 8, 0.6, 0).search("abba", 4);
    assertEquals(4, found.size());
    for (BeamSearch.Transcription one : found) {
      assertEquals(probability(model, "abba", one.phonemes()), one.probability(), 1e-6);
    }
  }

  @Test
  void attentionSumsToOneAtEachPhonemeAndTheEnd() {
    BeamSearch.Transcription found =
        new BeamSearch(TinyPronunciations.model(2)).search("cab", 1).get(0);
    assertEquals(found.phonemes().size() + 1, found.attention().length);
    for (float[] shares : found.attention()) {
      assertEquals(4, shares.length);
      double sum = 0;
      for (float share : shares) {
        sum += share;
      }
      assertEquals(1, sum, 1e-5, Arrays.toString(shares));
    }
  }

  @Test
  void aLetterOutsideTheAlphabetIsRefused() {
    BeamSearch search = new BeamSearch(TinyPronunciations.model(1));
    assertEquals(
        "word=abd: the model reads the letters abc",
        assertThrows(IllegalArgumentException.class, () -> search.search("abd", 1)).getMessage());
  }
}
