// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.enrol.Enrolment.Tried;
import io.github.rouse.enrol.EnrolmentHead.Material;
import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EnrolmentTest {
  private static final int INPUTS = 6;

  private static float[][] random(Random random, int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) (0.5 * random.nextGaussian());
      }
    }
    return values;
  }

  private static Network head(long seed) {
    Random random = new Random(seed);
    int units = EnrolmentHead.UNITS;
    return new Network(
        List.of(
            new Gru(
                Gru.Reset.AFTER,
                random(random, INPUTS, 3 * units),
                random(random, units, 3 * units),
                random(random, 1, 3 * units)[0],
                random(random, 1, 3 * units)[0]),
            new Dense(random(random, units, 1), random(random, 1, 1)[0]),
            new Activation(Activation.Function.SIGMOID, 1)));
  }

  private static double logit(float p) {
    return Math.log(p / (1.0 - p));
  }

  @Test
  void theMergedHeadHasTheMeanLogit() {
    float[][] steps = random(new Random(9), 40, INPUTS);
    List<Network> heads = List.of(head(1), head(2), head(3));
    float[][] mean = EnrolmentHead.mean(heads).forward(steps);
    for (int t = 0; t < steps.length; t++) {
      double sum = 0;
      for (Network head : heads) {
        sum += logit(head.forward(steps)[t][0]);
      }
      assertEquals(sum / 3, logit(mean[t][0]), 1e-4, "step " + t);
    }
  }

  /** A bank of noise, and clips with a word: a ramp in all values, amid other values. */
  private static Material material(int leftOutFrom, int leftOutTo) {
    Random random = new Random(4);
    byte[] values = new byte[INPUTS / 2 * 4000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (2 + random.nextInt(4) + 16 * (2 + random.nextInt(4)));
    }
    List<WordClip> words = new ArrayList<>();
    for (int w = 0; w < 20; w++) {
      float[][] word = random(random, 200, INPUTS);
      int start = random.nextInt(150);
      for (int t = start; t < start + 20; t++) {
        for (int i = 0; i < INPUTS; i++) {
          word[t][i] = (t - start - 10) / 12f + 0.1f * word[t][i];
        }
      }
      words.add(new WordClip(word, start, start + 20));
    }
    EmbeddingBank bank = new EmbeddingBank("x", INPUTS, 0.03, values);
    return new Material(words, bank, leftOutFrom, leftOutTo, List.of());
  }

  @Test
  void aHeadDetectsItsWordAndNothingElse() {
    Network head = EnrolmentHead.trained(material(1000, 2000), 1);
    for (WordClip word : material(0, 0).words()) {
      float[][] posteriors = head.forward(word.values());
      for (int t = 10; t < posteriors.length; t++) {
        int after = t - word.end();
        boolean clip = after >= 3 && after < 10;
        boolean notSaid = after < -20 || after > 40;
        assertFalse(clip && posteriors[t][0] < 0.8, after + " after: " + posteriors[t][0]);
        assertFalse(notSaid && posteriors[t][0] > 0.3, after + " after: " + posteriors[t][0]);
      }
    }
  }

  @Test
  void aSegmentContainsTheWholeWordAtAnyPosition() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      int length = 20 + random.nextInt(250);
      int start = random.nextInt(length - 10);
      int end = Math.min(length, start + 1 + random.nextInt(100));
      WordClip clip = new WordClip(new float[length][], start, end);
      EnrolmentHead.Segment segment = EnrolmentHead.segment(clip, i % 2 == 0, random);
      String where = start + " to " + end + " of " + length + ": " + segment;
      assertTrue(segment.end() - segment.first() <= EnrolmentHead.STEPS, where);
      assertTrue(segment.first() >= 0 && segment.end() <= length, where);
      assertTrue(segment.first() <= start && segment.end() >= end, where);
    }
  }

  @Test
  void theLeftOutPartIsNotLearntFrom() {
    Material material = material(1000, 2000);
    float[][] word = material.words().get(3).values();
    float[][] posteriors = EnrolmentHead.trained(material, 1).forward(word);
    assertArrayEquals(posteriors, EnrolmentHead.trained(material(1000, 2000), 1).forward(word));
    byte[] values = material.bank().values();
    Arrays.fill(values, 1000 * INPUTS / 2, 2000 * INPUTS / 2, (byte) 0x77);
    assertArrayEquals(posteriors, EnrolmentHead.trained(material, 1).forward(word));
    Arrays.fill(values, 990 * INPUTS / 2, 1000 * INPUTS / 2, (byte) 0x77);
    assertFalse(
        Arrays.deepEquals(posteriors, EnrolmentHead.trained(material, 1).forward(word)),
        "the rest of the bank is learnt from");
  }

  @Test
  void aVersionThatLosesAnythingIsWorse() {
    Tried old = new Tried(5, 3, 4);
    assertFalse(new Tried(5, 3, 4).worseThan(old, 2));
    assertFalse(new Tried(6, 0, 0).worseThan(old, 2));
    assertTrue(new Tried(4, 0, 0).worseThan(old, 2));
    assertTrue(new Tried(5, 4, 0).worseThan(old, 2));
    assertTrue(new Tried(5, 3, 5).worseThan(old, 2));
    assertFalse(new Tried(5, 3, 5).worseThan(old, 5));
  }
}
