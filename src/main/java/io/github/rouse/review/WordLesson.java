// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.model.Verifier;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the heads of one word learn: for each mistake a corrector, placed so that the mistake and
 * its variations fall below the threshold while people saying the word stay above it. Where no
 * place does both, the mistake remains.
 */
final class WordLesson {
  private static final double MARGIN = 1; // logits below the threshold
  private static final double[] PLACES = {0.6, 0.75, 0.9, 1}; // of the way to the mistake
  private static final double NEAREST = 0.2; // share of variations that may lie nearer
  private static final double LEAST_ROOM = 0.3; // standard deviations in which a mistake falls
  private static final double BOUND = 1e-4; // posteriors are kept this far from 0 and 1

  /**
   * One utterance as it sounds in several variations; of each, the candidates that may be the word.
   */
  record MarkedSound(List<List<Candidate>> variations) {}

  private final Verifier.WordHead word;
  private final People people;
  private final List<Spread> spreads;
  private final float[] thresholds; // at which people must be found; the first is for mistakes
  private List<LearntHead> heads;

  /**
   * Prepares a lesson.
   *
   * @param threshold below which mistakes must fall
   * @param modelThreshold the model's own threshold
   */
  WordLesson(Verifier.WordHead word, People people, float threshold, float modelThreshold) {
    this.word = word;
    this.people = people;
    spreads = people.spreads();
    thresholds = new float[] {threshold, modelThreshold};
    heads = word.networks().stream().map(LearntHead::of).toList();
  }

  /** The heads after the lesson. */
  Verifier.WordHead learnt() {
    List<Network> networks = heads.stream().map(LearntHead::network).toList();
    return new Verifier.WordHead(networks, word.level(), word.share());
  }

  /**
   * Learns that an example is not the word.
   *
   * @param right examples that must stay found
   * @return whether it now scores below the threshold, as do all but a few of its variations
   */
  boolean learn(MarkedSound wrong, List<MarkedSound> right) {
    List<Candidate> mistakes = new ArrayList<>(); // the strongest of each variation
    for (List<Candidate> variation : wrong.variations()) {
      variation.stream().max(Comparator.comparing(this::logit)).ifPresent(mistakes::add);
    }
    if (mistakes.isEmpty()) {
      return true;
    }
    double[] logits = mistakes.stream().mapToDouble(this::logit).sorted().toArray();
    double most = logits[(int) Math.ceil((1 - NEAREST) * (logits.length - 1))]; // but a few
    double wanted = logit(thresholds[0]) - MARGIN;
    if (!isDetected(wrong) && most <= wanted + MARGIN / 2) {
      return true; // an earlier lesson covers it
    }
    double all = logits[logits.length - 1] - MARGIN; // without a margin for the strongest
    double need = (Math.max(most, all) - wanted) / word.share(); // logits of the second look
    List<LearntHead> before = heads;
    int[] foundBefore = found(right);
    for (double share : new double[] {0, NEAREST}) {
      for (double place : PLACES) {
        heads = corrected(before, mistakes, need, place, share);
        int[] found = found(right);
        if (IntStream.range(0, found.length).allMatch(i -> found[i] >= foundBefore[i])
            && isRejected(wrong)) {
          return true;
        }
      }
    }
    heads = before;
    return isRejected(wrong);
  }

  private List<LearntHead> corrected(
      List<LearntHead> from, List<Candidate> mistakes, double need, double place, double share) {
    List<LearntHead> corrected = new ArrayList<>(from);
    for (int n = 0; n < spreads.size(); n++) {
      Spread spread = spreads.get(n);
      int view = n;
      List<float[]> views = mistakes.stream().map(mistake -> mistake.views()[view]).toList();
      double[] direction = spread.towards(mean(views));
      double[] far = views.stream().mapToDouble(v -> spread.along(direction, v)).sorted().toArray();
      double nearest = far[(int) (share * (far.length - 1))];
      double plane = place * nearest;
      double slope = need / Math.max(LEAST_ROOM, nearest - plane);
      float[] scaled = new float[direction.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (slope * direction[i]);
      }
      float offset = (float) (-slope * (spread.offset(direction) + plane));
      LearntHead.Corrector corrector = new LearntHead.Corrector(scaled, offset);
      int head = n % from.size();
      corrected.set(head, corrected.get(head).with(corrector, (float) need));
    }
    return corrected;
  }

  private static double[] mean(List<float[]> views) {
    double[] mean = new double[views.get(0).length];
    for (float[] view : views) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += view[i] / (double) views.size();
      }
    }
    return mean;
  }

  /** Counts that must not fall: people found at each threshold, and right examples. */
  private int[] found(List<MarkedSound> right) {
    int[] found = new int[thresholds.length + 1];
    for (int i = 0; i < thresholds.length; i++) {
      found[i] = peopleFound(thresholds[i]);
    }
    found[thresholds.length] = (int) right.stream().filter(this::isDetected).count();
    return found;
  }

  /** How many of the people are found at a threshold. */
  int peopleFound(float threshold) {
    double least = logit(threshold);
    return (int)
        people.voices().stream()
            .filter(voice -> logit(voice.first(), voice.views()) >= least)
            .count();
  }

  /** The number of utterances of other people. */
  int peopleCount() {
    return people.voices().size();
  }

  /** Whether an example is an event, without variation. */
  boolean isDetected(MarkedSound example) {
    return isEvent(example.variations().get(0));
  }

  /** Whether an example and all but a few of its variations are no events. */
  boolean isRejected(MarkedSound example) {
    long events = example.variations().stream().filter(this::isEvent).count();
    return !isDetected(example) && events <= NEAREST * example.variations().size();
  }

  private boolean isEvent(List<Candidate> candidates) {
    return candidates.stream().anyMatch(c -> logit(c) >= logit(thresholds[0]));
  }

  private double logit(Candidate candidate) {
    return logit(candidate.first(), candidate.views());
  }

  /** The logit of {@link Verifier#score}. */
  private double logit(float first, float[][] views) {
    double second = 0;
    for (int n = 0; n < views.length; n++) {
      second += heads.get(n % heads.size()).logit(views[n]) / (double) views.length;
    }
    return (1 - word.share()) * logit(first) + word.share() * second;
  }

  private static double logit(float probability) {
    double bounded = Math.max(BOUND, Math.min(1 - BOUND, probability));
    return Math.log(bounded / (1 - bounded));
  }
}
