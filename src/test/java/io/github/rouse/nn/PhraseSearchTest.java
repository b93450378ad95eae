// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhraseSearchTest {
  private static final int PHONES = 3;
  private static final float FLOOR = 0.02f;
  private static final int[][][] PHRASES = {{{0, 1}}, {{2, 2}, {1, 0, 2}}, {{1}}};

  @Test
  void scoreIsTheBestOfAllPathsThatEndThere() {
    PhraseSearch search = new PhraseSearch(PHONES, PHRASES, FLOOR, 3);
    float[][] probabilities = probabilities(9);
    float[][] scores = search.forward(probabilities);
    for (int t = 0; t < probabilities.length; t++) {
      for (int phrase = 0; phrase < PHRASES.length; phrase++) {
        double best = 0;
        for (int[] phones : PHRASES[phrase]) {
          double sum = best(probabilities, t, phones, phones.length - 1, false, 3 * phones.length);
          best = Math.max(best, Math.exp(sum / phones.length));
        }
        assertEquals(best, scores[t][phrase], 1e-6, "step " + t + ", phrase " + phrase);
      }
    }
  }

  /**
   * The best path that is at a phone, or at the blank after it, at a step, by trying all.
   *
   * @param most steps that it may have, this one included
   */
  private static double best(float[][] p, int t, int[] phones, int at, boolean blank, int most) {
    if (t < 0 || most == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double here = Math.log(Math.max(FLOOR, p[t][blank ? PHONES : phones[at]]));
    double before = best(p, t - 1, phones, at, blank, most - 1);
    if (blank) {
      before = Math.max(before, best(p, t - 1, phones, at, false, most - 1));
    } else if (at == 0) {
      before = Math.max(before, 0); // it begins here
    } else {
      before = Math.max(before, best(p, t - 1, phones, at - 1, true, most - 1));
      if (phones[at] != phones[at - 1]) {
        before = Math.max(before, best(p, t - 1, phones, at - 1, false, most - 1));
      }
    }
    return here + before;
  }

  @Test
  void phraseThatIsHeardAloneScoresOne() {
    float[][] steps = new float[5][PHONES + 1];
    int[] heard = {3, 0, 3, 1, 3};
    for (int t = 0; t < steps.length; t++) {
      steps[t][heard[t]] = 1;
    }
    float[][] scores = new PhraseSearch(PHONES, PHRASES, FLOOR, 8).forward(steps);
    assertEquals(1f, scores[3][0]);
    assertTrue(scores[3][1] < 0.2f);
  }

  @Test
  void streamsAreIndependent() {
    Network network = new Network(List.of(new PhraseSearch(PHONES, PHRASES, FLOOR, 4)));
    float[][] first = probabilities(20);
    float[][] second = probabilities(21);
    NetworkState state = network.start(2);
    for (int t = 0; t < 20; t++) {
      StepBatch both = new StepBatch();
      both.add(0, first[t]);
      both.add(1, second[t]);
      StepBatch scores = state.run(both);
      assertArrayEquals(network.forward(first)[t], scores.values(0));
      assertArrayEquals(network.forward(second)[t], scores.values(1));
    }
    state.reset(0);
    StepBatch again = new StepBatch();
    again.add(0, first[0]);
    assertArrayEquals(network.forward(first)[0], state.run(again).values(0));
  }

  @Test
  void wrongPhonesAreRejected() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new PhraseSearch(PHONES, new int[][][] {{{0, 3}}}, FLOOR, 4));
    assertEquals("phrases: [0, 3], expected phones below 3", e.getMessage());
  }

  private static float[][] probabilities(int steps) {
    Random random = new Random(steps);
    float[][] p = new float[steps][PHONES + 1];
    for (float[] step : p) {
      for (int k = 0; k <= PHONES; k++) {
        step[k] = (float) Math.exp(2 * random.nextGaussian());
      }
      float sum = step[0] + step[1] + step[2] + step[3];
      for (int k = 0; k <= PHONES; k++) {
        step[k] /= sum;
      }
    }
    return p;
  }
}
