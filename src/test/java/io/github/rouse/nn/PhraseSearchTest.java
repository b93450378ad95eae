// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.nn.PhraseSearch.Factors;
import io.github.rouse.nn.PhraseSearch.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhraseSearchTest {
  private static final int PHONES = 3;
  private static final Factors FACTORS = new Factors(0.4f, 0.8f, 0.3f);
  private static final List<Target> TARGETS =
      List.of(
          target(new int[][] {{0, 1}}),
          target(new int[][] {{2, 2}, {1, 0, 2}}),
          target(new int[][] {{1}}));

  /** Scores a likelihood L as L / (1 + L). */
  private static Target target(int[][] pronunciations) {
    return new Target(pronunciations, 0, 1);
  }

  private static PhraseSearch search() {
    return new PhraseSearch(PHONES, TARGETS, FACTORS);
  }

  @Test
  void likelihoodIsTheSumOverAllAlignmentsThatEndThere() {
    float[][] probabilities = probabilities(7);
    float[][] scores = search().forward(probabilities);
    for (int t = 0; t < probabilities.length; t++) {
      for (int target = 0; target < TARGETS.size(); target++) {
        double likelihood = 0;
        for (int[] phones : TARGETS.get(target).pronunciations()) {
          likelihood += sum(all(probabilities, t, phones))[0];
        }
        assertEquals(likelihood / (1 + likelihood), scores[t][target], 1e-6, t + " " + target);
      }
    }
  }

  @Test
  void lengthIsTheMeanOfThoseAlignments() {
    float[][] probabilities = probabilities(7);
    StepBatch scores = new StepBatch(TARGETS.size());
    search().prepare().start(1).run(StepBatch.of(probabilities), scores);
    for (int target = 0; target < TARGETS.size(); target++) {
      double[] sum = new double[2];
      for (int[] phones : TARGETS.get(target).pronunciations()) {
        double[] one = sum(all(probabilities, 6, phones));
        sum[0] += one[0];
        sum[1] += one[1];
      }
      assertEquals(sum[1] / sum[0], scores.lengths(6)[target], 1e-5, "target " + target);
    }
  }

  /** An alignment's likelihood and number of steps. */
  private record Alignment(double likelihood, int steps) {}

  /**
   * Tries every sequence of outputs that ends at a step, and keeps those that say the phones: equal
   * outputs in a row count once, blanks not at all. They begin with the only step of the first
   * phone and end with the last.
   */
  private static List<Alignment> all(float[][] p, int end, int[] phones) {
    List<Alignment> found = new ArrayList<>();
    for (int steps = 1; steps <= end + 1; steps++) {
      for (int code = 0; code < Math.pow(PHONES + 1, steps); code++) {
        int[] outputs = new int[steps];
        double likelihood = 1;
        for (int i = 0, rest = code; i < steps; i++, rest /= PHONES + 1) {
          outputs[i] = rest % (PHONES + 1);
          float[] step = p[end + 1 - steps + i];
          float sum = step[0] + step[1] + step[2] + FACTORS.blank() * step[PHONES];
          likelihood *= step[outputs[i]] / sum * (outputs[i] == PHONES ? FACTORS.blank() : 1);
          if (i > 0) {
            boolean blanks = outputs[i] == PHONES && outputs[i - 1] == PHONES;
            boolean hurries =
                outputs[i] != PHONES && outputs[i - 1] != PHONES && outputs[i] != outputs[i - 1];
            likelihood *= blanks ? FACTORS.pause() : hurries ? FACTORS.haste() : 1;
          }
        }
        boolean whole = outputs[0] != PHONES && outputs[steps - 1] != PHONES;
        boolean once = phones.length == 1 || steps == 1 || outputs[1] != outputs[0];
        boolean single = phones.length > 1 || steps == 1;
        if (whole && once && single && Arrays.equals(said(outputs), phones)) {
          found.add(new Alignment(likelihood, steps));
        }
      }
    }
    return found;
  }

  private static int[] said(int[] outputs) {
    List<Integer> phones = new ArrayList<>();
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] != PHONES && (i == 0 || outputs[i] != outputs[i - 1])) {
        phones.add(outputs[i]);
      }
    }
    return phones.stream().mapToInt(phone -> phone).toArray();
  }

  /** Likelihoods, and steps weighted with them. */
  private static double[] sum(List<Alignment> alignments) {
    double[] sum = new double[2];
    for (Alignment one : alignments) {
      sum[0] += one.likelihood;
      sum[1] += one.likelihood * one.steps;
    }
    return sum;
  }

  @Test
  void phraseThatIsHeardAloneHasARatioOfZero() {
    float[][] steps = new float[5][PHONES + 1];
    int[] heard = {3, 0, 3, 1, 3};
    for (int t = 0; t < steps.length; t++) {
      steps[t][heard[t]] = 1;
    }
    StepBatch scores = new StepBatch(TARGETS.size());
    search().prepare().start(1).run(StepBatch.of(steps), scores);
    assertEquals(0.5f, scores.values(3)[0]);
    assertEquals(3f, scores.lengths(3)[0]);
    assertEquals(0f, scores.values(3)[1]);
    assertEquals(0f, scores.values(4)[0]);
  }

  @Test
  void levelAndScaleMakeTheScore() {
    Target target = new Target(new int[][] {{0}}, -2, 4);
    assertEquals(0.5f, target.score(-2));
    assertEquals(1 / (1 + Math.exp(-1)), target.score(2), 1e-6);
    assertEquals(0f, target.score(Double.NEGATIVE_INFINITY));
  }

  @Test
  void pausesCost() {
    float[][] steps = new float[30][PHONES + 1];
    for (float[] step : steps) {
      step[PHONES] = 1;
    }
    steps[0] = new float[] {1, 0, 0, 0};
    steps[29] = new float[] {0, 1, 0, 0};
    float score = search().forward(steps)[29][0];
    assertEquals(Math.pow(FACTORS.pause(), 27), score / (1 - score), 1e-6);
  }

  @Test
  void hasteCosts() {
    float[][] steps = {{1, 0, 0, 0}, {0, 1, 0, 0}};
    float score = search().forward(steps)[1][0];
    assertEquals(FACTORS.haste(), score / (1 - score), 1e-6);
  }

  @Test
  void factorsOutOfRangeAreRejected() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Factors(0.5f, 1.1f, 0.5f));
    assertEquals("pause=1.1, expected 0 to 1", e.getMessage());
  }

  @Test
  void streamsAreIndependent() {
    Network network = new Network(List.of(search()));
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
            () -> new PhraseSearch(PHONES, List.of(target(new int[][] {{0, 3}})), FACTORS));
    assertEquals("pronunciation=[0, 3], expected phones below 3", e.getMessage());
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
