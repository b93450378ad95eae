// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.train.backprop.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes words sound like the speech in a bank. Half of the variants are quantised as the bank is;
 * otherwise heads would learn to recognise a word by its precision. Clips of few voices are also
 * converted to others: the mean of the nearest steps in ten minutes of the bank replaces each step
 * (Baas, van Niekerk and Kamper 2023, "Voice Conversion With Just Nearest Neighbors"; here by
 * Euclidean distance, with one step of context on either side).
 */
final class WordVoices {
  private static final double QUANTISED = 0.5; // of the variants
  private static final int SEARCHED = 16_000; // steps of the bank per clip: 10.7 min
  private static final int NEIGHBOURS = 4;
  private static final int CONTEXT = 1; // steps compared on either side
  private static final int AFTER = 6; // steps after the word's end, replaced too: they hear it

  private final EmbeddingBank bank;
  private final float[] steps; // of the bank, [steps][units]
  private final int units;
  private final long seed;

  /**
   * Prepares to change words.
   *
   * @param steps of the bank, [steps][units]
   * @throws IllegalArgumentException if the bank is too short
   */
  WordVoices(EmbeddingBank bank, float[] steps, long seed) {
    if (bank.partSteps() < NEIGHBOURS + 2 * CONTEXT) {
      throw new IllegalArgumentException("the bank has " + bank.steps() + " steps");
    }
    this.bank = bank;
    this.steps = steps;
    this.seed = seed;
    units = bank.units();
  }

  /**
   * By recording: each clip, some of them quantised, followed by the same word in other voices.
   *
   * @param words by recording, the unmodified clip first, which is never quantised
   */
  List<List<WordClip>> varied(List<List<WordClip>> words, WorkerPool workers) {
    return learnt(words, /* isConverted= */ true, workers);
  }

  /** The same without other voices, for words that many voices say. */
  List<List<WordClip>> quantised(List<List<WordClip>> words, WorkerPool workers) {
    return learnt(words, /* isConverted= */ false, workers);
  }

  private List<List<WordClip>> learnt(
      List<List<WordClip>> words, boolean isConverted, WorkerPool workers) {
    List<List<WordClip>> all = new ArrayList<>();
    words.forEach(variants -> all.add(new ArrayList<>()));
    workers.each(
        words.size(),
        (part, from, to, product) -> {
          for (int i = from; i < to; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            List<WordClip> variants = words.get(i);
            for (int v = 0; v < variants.size(); v++) {
              WordClip clip = variants.get(v);
              boolean isQuantised = v > 0 && random.nextDouble() < QUANTISED;
              all.get(i).add(isQuantised ? quantised(clip, random) : clip);
              if (isConverted) {
                all.get(i).add(inOtherVoices(clip, random));
              }
            }
          }
        });
    return all;
  }

  private WordClip quantised(WordClip clip, SplittableRandom random) {
    int first = random.nextInt(BlockCode.STEPS);
    return new WordClip(
        bank.quantised(clip.steps(), first), clip.start(), clip.end(), WordClip.OWN_VOICE);
  }

  private WordClip inOtherVoices(WordClip clip, SplittableRandom random) {
    int part = random.nextInt(EmbeddingBank.PARTS);
    int length = bank.partSteps();
    int searched = Math.min(SEARCHED, length);
    int first = bank.partFrom(part) + random.nextInt(length - searched + 1) + CONTEXT;
    float[][] changed = clip.steps().clone();
    int to = Math.min(clip.steps().length - CONTEXT, clip.end() + AFTER);
    for (int t = Math.max(CONTEXT, clip.start()); t < to; t++) {
      changed[t] = mean(nearest(clip.steps(), t, first, first + searched - 2 * CONTEXT));
    }
    return new WordClip(changed, clip.start(), clip.end(), part);
  }

  /** The steps of the bank in {@code from..to} that are nearest to step {@code t} of a clip. */
  private int[] nearest(float[][] clip, int t, int from, int to) {
    int[] nearest = new int[NEIGHBOURS];
    float[] distances = new float[NEIGHBOURS]; // ascending
    Arrays.fill(distances, Float.POSITIVE_INFINITY);
    for (int step = from; step < to; step++) {
      float distance = 0;
      for (int k = -CONTEXT; k <= CONTEXT && distance < distances[NEIGHBOURS - 1]; k++) {
        distance += squaredDistance(clip[t + k], (step + k) * units);
      }
      if (distance < distances[NEIGHBOURS - 1]) {
        int place = NEIGHBOURS - 1;
        for (; place > 0 && distances[place - 1] > distance; place--) {
          distances[place] = distances[place - 1];
          nearest[place] = nearest[place - 1];
        }
        distances[place] = distance;
        nearest[place] = step;
      }
    }
    return nearest;
  }

  private float squaredDistance(float[] values, int at) {
    float even = 0; // two sums, so that no addition waits for the one before
    float odd = 0;
    int u = 0;
    for (; u + 1 < units; u += 2) {
      float one = values[u] - steps[at + u];
      float other = values[u + 1] - steps[at + u + 1];
      even += one * one;
      odd += other * other;
    }
    for (; u < units; u++) {
      float last = values[u] - steps[at + u];
      even += last * last;
    }
    return even + odd;
  }

  private float[] mean(int[] neighbours) {
    float[] mean = new float[units];
    for (int step : neighbours) {
      for (int u = 0; u < units; u++) {
        mean[u] += steps[step * units + u] / neighbours.length;
      }
    }
    return mean;
  }
}
