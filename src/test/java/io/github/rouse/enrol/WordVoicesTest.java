// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.rouse.TestEncoders;
import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.train.backprop.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordVoicesTest {
  private static final int START = 20;
  private static final int END = 40;
  private static final int CHANGED_UNTIL = END + 6;

  private static EmbeddingBank bank;
  private static float[] steps;

  @BeforeAll
  static void hear() throws IOException {
    bank = TestEncoders.bank(Path.of("audio-samples/story-with-words.ogg"));
    steps = bank.decoded();
  }

  private static List<List<WordClip>> words(int recordings, int variants) {
    SplittableRandom random = new SplittableRandom(1);
    List<List<WordClip>> words = new ArrayList<>();
    for (int r = 0; r < recordings; r++) {
      List<WordClip> clips = new ArrayList<>();
      for (int v = 0; v < variants; v++) {
        float[][] clip = new float[60][bank.units()];
        for (float[] step : clip) {
          for (int u = 0; u < step.length; u++) {
            step[u] = (float) random.nextGaussian();
          }
        }
        clips.add(new WordClip(clip, START, END, WordClip.OWN_VOICE));
      }
      words.add(clips);
    }
    return words;
  }

  private static List<List<WordClip>> learnt(List<List<WordClip>> words, int threads) {
    try (WorkerPool workers = new WorkerPool(threads)) {
      return new WordVoices(bank, steps, 1).varied(words, workers);
    }
  }

  @Test
  void aStepBecomesTheMeanOfTheFourNearestOfOnePart() {
    List<WordClip> variants = words(1, 20).get(0);
    List<WordClip> learnt = learnt(List.of(variants), 1).get(0);
    assertEquals(2 * variants.size(), learnt.size());
    TreeSet<Integer> parts = new TreeSet<>();
    for (int v = 0; v < variants.size(); v++) {
      WordClip voice = learnt.get(2 * v + 1);
      float[][] own = variants.get(v).steps();
      parts.add(voice.part());
      assertSame(own[START - 1], voice.steps()[START - 1]);
      assertSame(own[CHANGED_UNTIL], voice.steps()[CHANGED_UNTIL]);
      for (int t = START; t < CHANGED_UNTIL; t += 5) {
        assertArrayEquals(expected(own, t, voice.part()), voice.steps()[t], 1e-5f);
      }
    }
    assertEquals(EmbeddingBank.PARTS, parts.size());
  }

  private static float[] expected(float[][] clip, int t, int part) {
    int length = bank.partSteps();
    int[] nearest =
        IntStream.range(part * length + 1, (part + 1) * length - 1)
            .boxed()
            .sorted(Comparator.comparing(s -> distance(clip, t, s)))
            .limit(4)
            .mapToInt(s -> s)
            .toArray();
    float[] expected = new float[bank.units()];
    for (int u = 0; u < expected.length; u++) {
      for (int step : nearest) {
        expected[u] += steps[step * bank.units() + u] / 4;
      }
    }
    return expected;
  }

  private static double distance(float[][] clip, int t, int step) {
    double sum = 0;
    for (int k = -1; k <= 1; k++) {
      for (int u = 0; u < bank.units(); u++) {
        sum += Math.pow(clip[t + k][u] - steps[(step + k) * bank.units() + u], 2);
      }
    }
    return sum;
  }

  @Test
  void halfOfTheVariantsAreQuantisedButNotTheOriginal() {
    List<List<WordClip>> words = words(20, 11);
    List<List<WordClip>> learnt = learnt(words, 2);
    int quantised = 0;
    for (int r = 0; r < words.size(); r++) {
      assertSame(words.get(r).get(0), learnt.get(r).get(0));
      for (int v = 1; v < words.get(r).size(); v++) {
        quantised += learnt.get(r).get(2 * v).equals(words.get(r).get(v)) ? 0 : 1;
      }
    }
    assertEquals(100, quantised, 25);
  }

  @Test
  void wordsOfManyVoicesKeepThem() {
    List<List<WordClip>> words = words(2, 10);
    try (WorkerPool workers = new WorkerPool(1)) {
      for (List<WordClip> clips : new WordVoices(bank, steps, 1).quantised(words, workers)) {
        assertEquals(10, clips.size());
        clips.forEach(clip -> assertEquals(WordClip.OWN_VOICE, clip.part()));
      }
    }
  }

  @Test
  void threadsDoNotChangeTheResult() {
    List<List<WordClip>> words = words(3, 4);
    List<List<WordClip>> one = learnt(words, 1);
    List<List<WordClip>> two = learnt(words, 2);
    for (int r = 0; r < one.size(); r++) {
      for (int c = 0; c < one.get(r).size(); c++) {
        assertEquals(one.get(r).get(c).part(), two.get(r).get(c).part());
        assertArrayEquals(one.get(r).get(c).steps(), two.get(r).get(c).steps());
      }
    }
  }

  @Test
  void clipsOfAnyLengthAreTaken() {
    for (int length : new int[] {0, 1, 2, BlockCode.STEPS - 1}) {
      WordClip clip = new WordClip(new float[length][bank.units()], 0, length, WordClip.OWN_VOICE);
      List<WordClip> learnt = learnt(List.of(List.of(clip, clip)), 1).get(0);
      assertEquals(4, learnt.size());
      learnt.forEach(one -> assertEquals(length, one.steps().length));
    }
  }
}
