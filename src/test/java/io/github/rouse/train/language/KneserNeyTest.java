// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KneserNeyTest {
  private static final int BOUNDARY = 3;

  /** Symbols that follow each other by a rule, with some noise. */
  private static List<int[]> lines(int count, long seed) {
    Random random = new Random(seed);
    List<int[]> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] line = new int[8];
      for (int t = 0; t < 7; t++) {
        line[t] = random.nextInt(4) == 0 ? random.nextInt(3) : t % 3;
      }
      line[7] = BOUNDARY;
      lines.add(line);
    }
    return lines;
  }

  private static double probability(KneserNey model, int... line) {
    return Math.exp(model.logProbability(line));
  }

  @Test
  void whatMayFollowSumsToOne() {
    KneserNey model = new KneserNey(3, lines(20, 1), BOUNDARY);
    for (int[] before : new int[][] {{}, {0}, {1}, {2, 2}, {0, 1, 2}, {3, 3, 0}}) {
      double sum = 0;
      for (int next = 0; next <= BOUNDARY; next++) {
        int[] line = Arrays.copyOf(before, before.length + 1);
        line[before.length] = next;
        sum += probability(model, line);
      }
      assertEquals(1, sum / probability(model, before), 1e-9);
    }
  }

  @Test
  void bigramsAreThoseOfTheFormula() {
    // | 0 1 3, | 0 2 3, | 0 1 3: bigrams 30 three times, 01 and 13 twice, 02 and 23 once.
    List<int[]> lines = List.of(new int[] {0, 1, 3}, new int[] {0, 2, 3}, new int[] {0, 1, 3});
    KneserNey model = new KneserNey(2, lines, BOUNDARY);
    double discount = 2 / (2 + 2 * 2.0); // of bigrams: two come once, two twice
    // 0, 1 and 2 follow one other symbol each, 3 follows two.
    double lower = 3 / (3 + 2 * 1.0);
    double unigram = (1 - lower) / 5 + lower * 4 / 5 / 4;
    assertEquals(
        (2 - discount + discount * 2 * unigram) / 3,
        probability(model, 0, 1) / probability(model, 0),
        1e-12);
  }

  @Test
  void longerHistoriesPredictBetter() {
    List<int[]> others = lines(200, 2);
    double one = perplexity(new KneserNey(1, lines(200, 1), BOUNDARY), others);
    double three = perplexity(new KneserNey(3, lines(200, 1), BOUNDARY), others);
    assertTrue(three < 0.9 * one, three + " and " + one);
  }

  private static double perplexity(KneserNey model, List<int[]> lines) {
    double sum = lines.stream().mapToDouble(model::logProbability).sum();
    return Math.exp(-sum / (8 * lines.size()));
  }
}
