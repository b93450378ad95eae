// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;
import java.util.List;

/**
 * Finds phrases in the probabilities of a phone recogniser that learnt by connectionist temporal
 * classification (Graves et al. 2006), all phrases in one pass.
 *
 * <p>A phrase's likelihood at a step is the forward probability of its phones, the last of which is
 * heard in this step, wherever the first was: the sum over all alignments of the product of their
 * steps' probabilities. Because the probabilities of a step sum to one, so does the forward
 * probability of a filler that may say any phones; the likelihood's logarithm is therefore the
 * log-likelihood ratio of the phrase against the filler. Pauses and haste cost factors besides; see
 * {@link Factors}.
 *
 * <p>The score is a logistic function of that ratio; see {@link Target}.
 *
 * @param phones number of phones; the blank is the output after the last
 * @param targets the phrases
 * @param factors what steps cost besides
 */
public record PhraseSearch(int phones, List<Target> targets, Factors factors) implements Layer {

  /**
   * What a step's probability is multiplied with, each 0 to 1.
   *
   * @param blank every blank, before the step's probabilities are made to sum to one again:
   *     recognisers hear nothing too readily
   * @param pause a further step of the same blank, so that a phrase is not put together from parts
   *     minutes apart
   * @param haste a phone in the step right after another, without blank: where a recogniser is
   *     unsure, a hurried alignment says almost anything
   */
  public record Factors(float blank, float pause, float haste) {
    /** Checks the numbers. */
    public Factors {
      check("blank", blank);
      check("pause", pause);
      check("haste", haste);
    }

    private static void check(String name, float factor) {
      if (!(factor >= 0 && factor <= 1)) {
        throw new IllegalArgumentException(name + "=" + factor + ", expected 0 to 1");
      }
    }
  }

  /**
   * A phrase.
   *
   * @param pronunciations [pronunciation][phone], with different ones at least one
   * @param level log-likelihood ratio that scores one half
   * @param scale further log-likelihood ratio that multiplies the odds by e
   */
  public record Target(int[][] pronunciations, float level, float scale) {
    /** Checks the numbers. */
    public Target {
      if (pronunciations.length == 0) {
        throw new IllegalArgumentException("pronunciations=[], expected at least one");
      }
      if (!(scale > 0)) {
        throw new IllegalArgumentException("scale=" + scale + ", expected above 0");
      }
    }

    /** The score of a log-likelihood ratio. */
    public float score(double ratio) {
      return (float) (1 / (1 + Math.exp((level - ratio) / scale)));
    }
  }

  /** Checks the phrases. */
  public PhraseSearch {
    targets = List.copyOf(targets);
    for (Target target : targets) {
      for (int[] pronunciation : target.pronunciations) {
        if (pronunciation.length == 0
            || Arrays.stream(pronunciation).anyMatch(phone -> phone < 0 || phone >= phones)) {
          throw new IllegalArgumentException(
              "pronunciation="
                  + Arrays.toString(pronunciation)
                  + ", expected phones below "
                  + phones);
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
    return targets.size();
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
    private final Paths[][][] streams; // [streams][targets][pronunciations]
    private final float[] weighted = new float[phones + 1]; // probabilities of a step

    Search(int count) {
      streams = new Paths[count][targets.size()][];
      for (Paths[][] stream : streams) {
        for (int i = 0; i < stream.length; i++) {
          stream[i] =
              Arrays.stream(targets.get(i).pronunciations).map(Paths::new).toArray(Paths[]::new);
        }
      }
    }

    @Override
    public void run(StepBatch in, StepBatch out) {
      out.clear();
      for (int i = 0; i < in.count; i++) {
        float[] scores = out.add(in.streams[i]);
        float[] lengths = out.lengths();
        Paths[][] stream = streams[in.streams[i]];
        weight(in.rows[i]);
        for (int target = 0; target < stream.length; target++) {
          double likelihood = 0;
          double steps = 0; // of all paths, weighted with their likelihood
          for (Paths paths : stream[target]) {
            paths.step(weighted);
            likelihood += paths.likelihood();
            steps += paths.steps();
          }
          scores[target] = targets.get(target).score(Math.log(likelihood));
          lengths[target] = likelihood > 0 ? (float) (steps / likelihood) : 0;
        }
      }
    }

    private void weight(float[] probabilities) {
      float sum = 1 - (1 - factors.blank) * probabilities[phones];
      for (int k = 0; k < phones; k++) {
        weighted[k] = probabilities[k] / sum;
      }
      weighted[phones] = factors.blank * probabilities[phones] / sum;
    }

    @Override
    public void state(Snapshot snapshot) {
      for (Paths[][] stream : streams) {
        for (Paths[] target : stream) {
          for (Paths paths : target) {
            snapshot.values(paths.likelihoods);
            snapshot.values(paths.lengths);
          }
        }
      }
    }

    @Override
    public void reset(int stream) {
      for (Paths[] target : streams[stream]) {
        for (Paths paths : target) {
          paths.reset();
        }
      }
    }
  }

  /** The paths to each state of one pronunciation: phone, blank, phone, ... phone. */
  private final class Paths {
    private static final double NOTHING = 1e-200; // less is 0: denormal numbers are slow

    private final int[] outputs; // of each state
    private final boolean[] skips; // whether a path may come from the phone before, without blank
    private final double[] likelihoods; // of all paths that end in the state
    private final double[] lengths; // of these paths in steps, times their likelihood

    Paths(int[] pronunciation) {
      outputs = new int[2 * pronunciation.length - 1];
      Arrays.fill(outputs, phones);
      for (int i = 0; i < pronunciation.length; i++) {
        outputs[2 * i] = pronunciation[i];
      }
      skips = new boolean[outputs.length];
      for (int s = 2; s < outputs.length; s += 2) {
        skips[s] = outputs[s] != outputs[s - 2];
      }
      likelihoods = new double[outputs.length];
      lengths = new double[outputs.length];
    }

    private void reset() {
      Arrays.fill(likelihoods, 0);
      Arrays.fill(lengths, 0);
    }

    private void step(float[] probabilities) {
      for (int s = outputs.length - 1; s > 0; s--) { // from the end: reads the step before
        double stay = s % 2 == 1 ? factors.pause : 1;
        double likelihood = stay * likelihoods[s] + likelihoods[s - 1];
        double length = stay * lengths[s] + lengths[s - 1];
        if (skips[s]) {
          likelihood += factors.haste * likelihoods[s - 2];
          length += factors.haste * lengths[s - 2];
        }
        float probability = probabilities[outputs[s]];
        likelihoods[s] = probability * likelihood;
        lengths[s] = probability * (length + likelihood);
        if (likelihoods[s] < NOTHING) {
          likelihoods[s] = 0;
          lengths[s] = 0;
        }
      }
      // A path begins with the last step of its first phone; earlier ones would only cost.
      likelihoods[0] = probabilities[outputs[0]];
      lengths[0] = likelihoods[0];
    }

    private double likelihood() {
      return likelihoods[outputs.length - 1];
    }

    private double steps() {
      return lengths[outputs.length - 1];
    }
  }
}
