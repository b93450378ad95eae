// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.pronounce.PhonemeContext;
import io.github.rouse.pronounce.TinyLanguages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BeamDecoderTest {
  private static final List<String> PHONES = List.of("AA", "B", "K");
  private static final int BLANK = 3;
  private static final int STEPS = 6;

  private static float[][] random(long seed) {
    Random random = new Random(seed);
    float[][] steps = new float[STEPS][BLANK + 1];
    for (float[] step : steps) {
      float sum = 0;
      for (int k = 0; k <= BLANK; k++) {
        step[k] = (float) Math.exp(2 * random.nextGaussian());
        sum += step[k];
      }
      for (int k = 0; k <= BLANK; k++) {
        step[k] /= sum;
      }
    }
    return steps;
  }

  private static List<String> decoded(
      PhoneDecoder decoder, List<HeardPhone> heard, float[][] steps) {
    for (int t = 0; t < steps.length; t++) {
      decoder.accept(0.04 * (t + 1), steps[t]);
    }
    decoder.finish();
    return heard.stream().map(HeardPhone::phone).toList();
  }

  /** The probability of each sequence: the sum over all of its alignments. */
  private static void all(
      float[][] steps, int[] path, int at, double p, Map<List<Integer>, Double> found) {
    if (at == path.length) {
      List<Integer> phones = new ArrayList<>();
      for (int t = 0; t < path.length; t++) {
        if (path[t] != BLANK && (t == 0 || path[t] != path[t - 1])) {
          phones.add(path[t]);
        }
      }
      found.merge(phones, p, Double::sum);
      return;
    }
    for (int k = 0; k <= BLANK; k++) {
      path[at] = k;
      all(steps, path, at + 1, p * steps[at][k], found);
    }
  }

  /** As {@link BeamDecoder} weighs phones, but from the start. */
  private static double weight(List<Integer> phones, PhonemeLanguage language) {
    double sum = 0.7 * phones.size();
    PhonemeContext context = PhonemeContext.start(language);
    for (int phone : phones) {
      PhonemeContext word = context.then(language.boundary());
      double within = Math.exp(context.logProbability(phone));
      double after =
          Math.exp(context.logProbability(language.boundary()) + word.logProbability(phone));
      sum += 0.3 * Math.log(within + after);
      context = (within >= after ? context : word).then(phone);
    }
    return sum;
  }

  @Test
  void aWideBeamFindsWhatBruteForceFinds() {
    int unlikeGreedy = 0;
    for (int seed = 1; seed <= 30; seed++) {
      PhonemeLanguage language = TinyLanguages.model(PHONES, seed);
      float[][] steps = random(seed);
      Map<List<Integer>, Double> found = new HashMap<>();
      all(steps, new int[STEPS], 0, 1, found);
      List<String> best = null;
      double most = Double.NEGATIVE_INFINITY;
      for (Map.Entry<List<Integer>, Double> one : found.entrySet()) {
        double rank = Math.log(one.getValue()) + weight(one.getKey(), language);
        if (rank > most) {
          most = rank;
          best = one.getKey().stream().map(PHONES::get).toList();
        }
      }
      List<HeardPhone> heard = new ArrayList<>();
      PhoneDecoder wide = new BeamDecoder(PHONES, 0.04, language, heard::add, 5000, 0, 1e9);
      assertEquals(best, decoded(wide, heard, steps), "seed " + seed);
      List<HeardPhone> likeliest = new ArrayList<>();
      PhoneDecoder greedy = new GreedyDecoder(PHONES, 0.04, likeliest::add);
      unlikeGreedy += best.equals(decoded(greedy, likeliest, steps)) ? 0 : 1;
    }
    assertTrue(unlikeGreedy > 5, unlikeGreedy + " differ from greedy decoding");
  }

  @Test
  void aPhoneIsReportedOnceNothingElseIsLikely() {
    List<HeardPhone> heard = new ArrayList<>();
    PhoneDecoder decoder =
        new BeamDecoder(PHONES, 0.04, TinyLanguages.model(PHONES, 1), heard::add);
    decoder.accept(0.04, new float[] {0.99999f, 0, 0, 0.00001f});
    assertEquals("AA", heard.get(0).phone());
    for (int t = 2; t <= 40; t++) {
      decoder.accept(0.04 * t, new float[] {0, t == 20 ? 0.9f : 0, 0, t == 20 ? 0.1f : 1});
    }
    assertEquals(1, heard.size()); // it may still be nothing
    decoder.finish();
    decoder.finish();
    assertEquals(2, heard.size());
    assertEquals("B", heard.get(1).phone());
    assertEquals(0.76, heard.get(1).start(), 1e-9);
    assertEquals(0.8, heard.get(1).end(), 1e-9);
    assertEquals(0.9f, heard.get(1).probability());
  }

  @Test
  void aPhoneThatTheLanguageModelLacksIsNamed() {
    PhonemeLanguage language = TinyLanguages.model(List.of("AA", "B"), 1);
    assertEquals(
        "phoneme=K, but the language model has [AA, B]",
        assertThrows(
                IllegalArgumentException.class,
                () -> new BeamDecoder(PHONES, 0.04, language, phone -> {}))
            .getMessage());
  }
}
