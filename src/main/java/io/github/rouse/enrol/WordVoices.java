// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.train.backprop.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes words sound like the speech in a bank. Half of the variants are quantised as the bank is,
 * or heads would learn to tell a word by its precision. And every clip is heard once more in other
 * voices: each step becomes the mean of the most similar steps of some minutes of the bank (Baas,
 * van Niekerk and Kamper 2023, "Voice Conversion With Just Nearest Neighbors").
 */
final class WordVoices {
  private static final double QUANTISED = 0.5; // of the variants
  private static final int SEARCHED = 16_000; // of the bank, searched for one clip: 10.7 min
  private static final int NEIGHBOURS = 4;
  private static final int AROUND = 1; // steps on either side that are compared too
  private static final int AFTER = 6; // steps after the word's end that change too

  private final EmbeddingBank bank;
  private final float[] steps; // of the bank, [steps][units]
  private final int units;
  private final int parts;
  private final long seed;

  /**
   * Prepares to change words.
   *
   * @param steps of the bank, [steps][units]
   * @param parts of the bank; a clip takes its voices from one of them
   */
  WordVoices(EmbeddingBank bank, float[] steps, int parts, long seed) {
    this.bank = bank;
    this.steps = steps;
    this.parts = parts;
    this.seed = seed;
    units = bank.units();
  }

  /**
   * By recording: the original, its variants, and all of these in other voices.
   *
   * @param words by recording, the original first
   */
  List<List<WordClip>> of(List<List<WordClip>> words, WorkerPool workers) {
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
              all.get(i).add(inOtherVoices(clip, random));
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
    int part = random.nextInt(parts);
    int length = bank.steps() / parts;
    int searched = Math.min(SEARCHED, length);
    int first = part * length + random.nextInt(length - searched + 1);
    float[][] changed = clip.steps().clone();
    int to = Math.min(clip.steps().length - AROUND, clip.end() + AFTER);
    for (int t = Math.max(AROUND, clip.start()); t < to; t++) {
      changed[t] = mean(nearest(clip.steps(), t, first + AROUND, first + searched - AROUND));
    }
    return new WordClip(changed, clip.start(), clip.end(), part);
  }

  /** The steps of the bank, between two of them, that are most like step {@code t} of a clip. */
  private int[] nearest(float[][] clip, int t, int from, int to) {
    int[] nearest = new int[NEIGHBOURS];
    float[] distances = new float[NEIGHBOURS]; // ascending
    Arrays.fill(distances, Float.POSITIVE_INFINITY);
    for (int step = from; step < to; step++) {
      float distance = 0;
      for (int k = -AROUND; k <= AROUND && distance < distances[NEIGHBOURS - 1]; k++) {
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
    float sum = 0;
    for (int u = 0; u < units; u++) {
      float difference = values[u] - steps[at + u];
      sum += difference * difference;
    }
    return sum;
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
