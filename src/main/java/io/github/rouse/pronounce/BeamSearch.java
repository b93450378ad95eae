// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.nn.AttentionDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The most probable pronunciations of a word: keeps the best {@code width} beginnings and extends
 * them by one phoneme at a time. The results are ranked by {@code log P / (phonemes + 1)^alpha}
 * (length normalisation: Wu et al. 2016, section 7), because every phoneme costs probability.
 */
public final class BeamSearch {
  /** Beginnings kept; more find nothing better. */
  public static final int WIDTH = 8;

  private static final double ALPHA = 0.6;
  private static final double LEAST_SHARE = 0.01; // of the most probable one's; less is dropped
  private static final int MOST_PHONEMES = 8; // and two for each letter

  private final PronunciationModel model;
  private final AttentionDecoder.PreparedDecoder decoder;
  private final int width;
  private final double alpha;
  private final double leastShare;

  /**
   * One pronunciation.
   *
   * @param phonemes its phonemes
   * @param probability that the network gives it among all sequences, 0 to 1
   * @param attention weight of each letter, and of the end of the word, at each phoneme and at the
   *     end, [phonemes + 1][letters + 1]
   */
  public record Transcription(List<String> phonemes, double probability, float[][] attention) {}

  /** A beginning of a pronunciation, or a complete one. */
  private record Hypothesis(
      Hypothesis before, int symbol, double logProbability, float[] state, float[] attention) {
    int phonemes() {
      return before == null ? 0 : 1 + before.phonemes();
    }
  }

  public BeamSearch(PronunciationModel model) {
    this(model, WIDTH, ALPHA, LEAST_SHARE);
  }

  BeamSearch(PronunciationModel model, int width, double alpha, double leastShare) {
    this.model = model;
    this.width = width;
    this.alpha = alpha;
    this.leastShare = leastShare;
    decoder = model.decoder().prepare();
  }

  /**
   * Searches.
   *
   * @param word lower case
   * @param most how many pronunciations at most
   * @return best first; at least one
   * @throws IllegalArgumentException if a letter is not in the model's alphabet
   */
  public List<Transcription> search(String word, int most) {
    AttentionDecoder.Decoding decoding = decoder.decode(model.encode(word));
    int end = model.end();
    int longest = MOST_PHONEMES + 2 * word.length();
    List<Hypothesis> live = new ArrayList<>();
    live.add(new Hypothesis(null, end, 0, new float[model.decoder().units()], null));
    List<Hypothesis> complete = new ArrayList<>();
    for (int length = 0; !live.isEmpty() && !settled(live, complete); length++) {
      List<Hypothesis> next = new ArrayList<>();
      for (Hypothesis one : extended(decoding, live, word.length() + 1, length == longest)) {
        (one.symbol == end ? complete : next).add(one);
      }
      live = kept(next, complete);
    }
    return complete.stream()
        .sorted(Comparator.comparingDouble(this::rank).reversed())
        .limit(most)
        .map(this::found)
        .toList();
  }

  /** The probability of one pronunciation among all sequences, 0 to 1. */
  double probability(String word, List<String> phonemes) {
    AttentionDecoder.Decoding decoding = decoder.decode(model.encode(word));
    float[][] state = new float[1][model.decoder().units()];
    float[][] attention = new float[1][word.length() + 1];
    int previous = model.end();
    double logProbability = 0;
    for (int i = 0; i <= phonemes.size(); i++) {
      float[] logits = decoding.step(new int[] {previous}, state, attention)[0];
      previous = i < phonemes.size() ? model.phonemes().indexOf(phonemes.get(i)) : model.end();
      logProbability += logits[previous] - logTotal(logits);
    }
    return Math.exp(logProbability);
  }

  /** The hypotheses that are not far less probable than another one, complete or not. */
  private List<Hypothesis> kept(List<Hypothesis> live, List<Hypothesis> complete) {
    double best =
        Stream.concat(live.stream(), complete.stream())
            .mapToDouble(Hypothesis::logProbability)
            .max()
            .orElseThrow();
    double least = best + Math.log(leastShare);
    return live.stream().filter(one -> one.logProbability >= least).toList();
  }

  /** Whether no live hypothesis can become one of the most probable complete ones. */
  private boolean settled(List<Hypothesis> live, List<Hypothesis> complete) {
    if (complete.size() < width) {
      return false;
    }
    double best = live.stream().mapToDouble(Hypothesis::logProbability).max().orElseThrow();
    return complete.stream().filter(one -> one.logProbability >= best).count() >= width;
  }

  /**
   * The most probable extensions by one symbol.
   *
   * @param last whether that is the end
   */
  private List<Hypothesis> extended(
      AttentionDecoder.Decoding decoding, List<Hypothesis> live, int letters, boolean last) {
    int count = live.size();
    float[][] states = new float[count][];
    float[][] attention = new float[count][letters];
    int[] previous = new int[count];
    for (int h = 0; h < count; h++) {
      states[h] = live.get(h).state.clone();
      previous[h] = live.get(h).symbol;
    }
    float[][] logits = decoding.step(previous, states, attention);
    List<Hypothesis> all = new ArrayList<>();
    for (int h = 0; h < count; h++) {
      double total = logTotal(logits[h]);
      for (int symbol = last ? model.end() : 0; symbol <= model.end(); symbol++) {
        double logProbability = live.get(h).logProbability + logits[h][symbol] - total;
        all.add(new Hypothesis(live.get(h), symbol, logProbability, states[h], attention[h]));
      }
    }
    all.sort(Comparator.comparingDouble(Hypothesis::logProbability).reversed());
    return all.subList(0, Math.min(width, all.size()));
  }

  static double logTotal(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - largest);
    }
    return largest + Math.log(total);
  }

  private double rank(Hypothesis complete) {
    return complete.logProbability / Math.pow(complete.phonemes(), alpha); // counts the end
  }

  private Transcription found(Hypothesis complete) {
    int steps = complete.phonemes();
    float[][] attention = new float[steps][];
    String[] phonemes = new String[steps - 1];
    Hypothesis at = complete;
    for (int i = steps - 1; i >= 0; i--) {
      attention[i] = at.attention;
      if (i < steps - 1) {
        phonemes[i] = model.phonemes().get(at.symbol);
      }
      at = at.before;
    }
    return new Transcription(List.of(phonemes), Math.exp(complete.logProbability), attention);
  }
}
