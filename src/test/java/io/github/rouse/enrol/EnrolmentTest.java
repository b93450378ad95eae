// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.enrol.Enrolment.Tried;
import io.github.rouse.enrol.EnrolmentHead.Material;
import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnrolmentTest {
  private static final int UNITS = 6;
  private static final int BANK = 8000; // steps

  private static double logit(float p) {
    return Math.log(p / (1.0 - p));
  }

  /** Whether the sigmoid's error of 1e-7 does not show in the logit. */
  private static boolean isExact(float p) {
    return p > 1e-4 && p < 1 - 1e-4;
  }

  private static float[] noise(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A bank of noise, and clips with a word: a ramp in all values, amid noise. */
  private static Material material(int leftOutFrom, int leftOutTo) {
    Random random = new Random(4);
    List<List<WordClip>> words = new ArrayList<>();
    for (int w = 0; w < 20; w++) {
      float[][] word = new float[120][];
      int start = 30 + random.nextInt(60);
      for (int t = 0; t < word.length; t++) {
        word[t] = noise(random, UNITS);
        for (int i = 0; i < UNITS && t >= start && t < start + 15; i++) {
          word[t][i] = (t - start - 7) / 3f + 0.2f * word[t][i];
        }
      }
      words.add(List.of(new WordClip(word, start, start + 15, WordClip.OWN_VOICE)));
    }
    float[] bank = noise(random, BANK * UNITS);
    return new Material(
        words, List.of(), bank, UNITS, leftOutFrom, leftOutTo, List.of(), List.of());
  }

  private static float[][] posteriors(EnrolmentHead head, float[][] steps) {
    return EnrolmentHead.mean(List.of(head)).forward(steps);
  }

  @Test
  void theMergedHeadHasTheMeanLogit() {
    Material material = material(0, 0);
    List<EnrolmentHead> heads =
        List.of(EnrolmentHead.trained(material, 1), EnrolmentHead.trained(material, 2));
    float[][] steps = material.words().get(0).get(0).steps();
    Network mean = EnrolmentHead.mean(heads);
    float[][] merged = mean.forward(steps);
    assertEquals(steps.length, merged.length, "one posterior a step, from the first");
    float[][] first = posteriors(heads.get(0), steps);
    float[][] second = posteriors(heads.get(1), steps);
    int compared = 0;
    for (int t = 0; t < steps.length; t++) {
      if (isExact(first[t][0]) && isExact(second[t][0])) {
        double sum = logit(first[t][0]) + logit(second[t][0]);
        assertEquals(sum / 2, logit(merged[t][0]), 0.01, "step " + t);
        compared++;
      }
    }
    assertTrue(compared > 10, compared + " steps");
  }

  @Test
  void windowsOfTheBankHaveTheLogitsOfTheConvolution() {
    Material material = material(0, 0);
    EnrolmentHead head = EnrolmentHead.trained(material, 1);
    float[] logits = head.logits(100, 3, 300);
    float[][] steps = new float[1100][];
    for (int t = 0; t < steps.length; t++) {
      steps[t] = Arrays.copyOfRange(material.bank(), t * UNITS, (t + 1) * UNITS);
    }
    float[][] posteriors = posteriors(head, steps);
    for (int w = 0; w < logits.length; w++) {
      float posterior = posteriors[100 + 3 * w + EnrolmentHead.STEPS - 1][0];
      assertEquals(1 / (1 + Math.exp(-logits[w])), posterior, 1e-5, "window " + w);
    }
  }

  @Test
  void aHeadLearnsNoVoiceOfItsPartOfTheBank() {
    List<WordClip> clips = new ArrayList<>();
    for (int part = WordClip.OWN_VOICE; part < EmbeddingBank.PARTS; part++) {
      clips.add(new WordClip(new float[1][UNITS], 0, 1, part));
    }
    for (int head = 0; head < 8; head++) {
      List<WordClip> known = Enrolment.known(List.of(clips), head).get(0);
      assertEquals(clips.size() - 1, known.size());
      assertEquals(clips.get(0), known.get(0));
      for (WordClip clip : known) {
        assertNotEquals(head % EmbeddingBank.PARTS, clip.part());
      }
    }
  }

  @Test
  void aHeadDetectsItsWordAndNothingElse() {
    EnrolmentHead head = EnrolmentHead.trained(material(1000, 2000), 1);
    for (List<WordClip> words : material(0, 0).words()) {
      WordClip word = words.get(0);
      float[][] posteriors = posteriors(head, word.steps());
      for (int t = 0; t < posteriors.length; t++) {
        int after = t - word.end();
        boolean said = after >= 1 && after < 9;
        boolean notSaid = after < -12 || after > 40;
        assertFalse(said && posteriors[t][0] < 0.7, after + " after: " + posteriors[t][0]);
        assertFalse(notSaid && posteriors[t][0] > 0.3, after + " after: " + posteriors[t][0]);
      }
    }
  }

  /** One of the word's own recordings, given as another phrase, lowers its score. */
  @Test
  void otherPhrasesAreLearntAsNegatives() {
    Material material = material(1000, 2000);
    float[][] word = material.words().get(3).get(0).steps();
    Material contradicted =
        new Material(
            material.words(),
            List.of(),
            material.bank(),
            UNITS,
            1000,
            2000,
            Collections.singletonList(word),
            List.of());
    float without = highest(posteriors(EnrolmentHead.trained(material, 1), word));
    float with = highest(posteriors(EnrolmentHead.trained(contradicted, 1), word));
    assertTrue(without > 0.99 && with < 0.97, without + " and " + with);
  }

  private static float highest(float[][] posteriors) {
    float highest = 0;
    for (float[] values : posteriors) {
      highest = Math.max(highest, values[0]);
    }
    return highest;
  }

  @Test
  void theLeftOutPartIsNotLearntFrom() {
    Material material = material(1000, 2000);
    float[][] word = material.words().get(3).get(0).steps();
    float[][] posteriors = posteriors(EnrolmentHead.trained(material, 1), word);
    assertArrayEquals(posteriors, posteriors(EnrolmentHead.trained(material(1000, 2000), 1), word));
    Arrays.fill(material.bank(), 1000 * UNITS, 2000 * UNITS, 5f);
    assertArrayEquals(posteriors, posteriors(EnrolmentHead.trained(material, 1), word));
    Arrays.fill(material.bank(), 2000 * UNITS, 3000 * UNITS, 5f);
    assertFalse(
        Arrays.deepEquals(posteriors, posteriors(EnrolmentHead.trained(material, 1), word)),
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
