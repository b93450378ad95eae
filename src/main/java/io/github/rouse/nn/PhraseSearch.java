// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds phrases in the probabilities of a phone recogniser that learnt by connectionist temporal
 * classification. A phrase's score at a step is that of the best path through one of its
 * pronunciations that ends there, wherever it began: {@code exp(sum / phones)}, where the sum is
 * over the path's steps of {@code log(max(p, floor))}, p being the probability of the phone or
 * blank that the path is in. It is 1 if the recogniser hears the phrase and nothing else.
 *
 * @param phones number of phones; the blank is the output after the last
 * @param phrases [phrase][pronunciation][phone]
 * @param floor least probability of an output at a step: what a wrong phone costs
 * @param longest steps of a path for each phone
 */
public record PhraseSearch(int phones, int[][][] phrases, float floor, int longest)
    implements Layer {
  /** Checks the phrases. */
  public PhraseSearch {
    for (int[][] phrase : phrases) {
      if (phrase.length == 0) {
        throw new IllegalArgumentException("phrases: one has no pronunciation");
      }
      for (int[] pronunciation : phrase) {
        if (pronunciation.length == 0
            || Arrays.stream(pronunciation).anyMatch(phone -> phone < 0 || phone >= phones)) {
          throw new IllegalArgumentException(
              "phrases: " + Arrays.toString(pronunciation) + ", expected phones below " + phones);
        }
      }
    }
  }

  @Override
  public int inputs() {
    return phones + 1;
  }

  @Override
  public int outputs() {
    return phrases.length;
  }

  @Override
  public long parameters() {
    return 0;
  }

  @Override
  public Prepared prepare() {
    return Search::new;
  }

  /** All streams. */
  private final class Search implements Step {
    private final List<List<Paths>> streams = new ArrayList<>(); // [streams][pronunciations]
    private final float[] log = new float[phones + 1];

    Search(int count) {
      for (int i = 0; i < count; i++) {
        List<Paths> paths = new ArrayList<>();
        for (int phrase = 0; phrase < phrases.length; phrase++) {
          for (int[] pronunciation : phrases[phrase]) {
            paths.add(new Paths(phrase, pronunciation));
          }
        }
        streams.add(paths);
      }
    }

    @Override
    public void run(StepBatch in, StepBatch out) {
      out.clear();
      for (int i = 0; i < in.count; i++) {
        float[] scores = out.add(in.streams[i]);
        Arrays.fill(scores, 0f);
        logarithms(in.rows[i]);
        for (Paths paths : streams.get(in.streams[i])) {
          float score = paths.step(log);
          scores[paths.phrase] = Math.max(scores[paths.phrase], score);
        }
      }
    }

    private void logarithms(float[] probabilities) {
      for (int k = 0; k <= phones; k++) {
        log[k] = (float) Math.log(Math.max(floor, probabilities[k]));
      }
    }

    @Override
    public void reset(int stream) {
      streams.get(stream).forEach(Paths::reset);
    }
  }

  /** The best paths to each state of one pronunciation: phone, blank, phone, ... phone. */
  private final class Paths {
    private final int phrase;
    private final int[] outputs; // of each state
    private final float[] sums; // of the best path
    private final int[] lengths; // of that path, in steps
    private final int most; // steps
    private final int count; // phones

    Paths(int phrase, int[] pronunciation) {
      this.phrase = phrase;
      count = pronunciation.length;
      outputs = new int[2 * count - 1];
      Arrays.fill(outputs, phones);
      for (int i = 0; i < count; i++) {
        outputs[2 * i] = pronunciation[i];
      }
      sums = new float[outputs.length];
      lengths = new int[outputs.length];
      most = longest * count;
      reset();
    }

    private void reset() {
      Arrays.fill(sums, Float.NEGATIVE_INFINITY);
    }

    private float step(float[] log) {
      for (int s = outputs.length - 1; s >= 0; s--) { // from the end: reads the step before
        int from = s; // of a path at the first phone, none: it begins here at no cost
        if (s > 0 && sums[s - 1] > sums[from]) {
          from = s - 1;
        }
        if (s > 1 && s % 2 == 0 && outputs[s] != outputs[s - 2] && sums[s - 2] > sums[from]) {
          from = s - 2;
        }
        float sum = s == 0 ? 0 : sums[from];
        int length = s == 0 ? 0 : lengths[from];
        sums[s] = length < most ? sum + log[outputs[s]] : Float.NEGATIVE_INFINITY;
        lengths[s] = length + 1;
      }
      float last = sums[outputs.length - 1];
      return last == Float.NEGATIVE_INFINITY ? 0f : (float) Math.exp(last / count);
    }
  }
}
