// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import io.github.rouse.nn.Layer;
import io.github.rouse.nn.PhraseSearch;
import io.github.rouse.nn.PhraseSearch.Target;
import io.github.rouse.nn.StepBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Where a bank of other speech sounds most like a phrase.
 *
 * @param hours of speech
 * @param ratios log-likelihood ratios of the {@value #TAIL} strongest false alarms, strongest first
 */
record FalseAlarms(double hours, List<Float> ratios) {
  private static final int TAIL = 20;
  private static final double APART_SECONDS = 1; // of two false alarms
  private static final float LEAST_SCALE = 0.1f;
  private static final float PLAIN = 8; // scale of the search: likelihoods down to 1e-200 count

  /**
   * Searches a bank for phrases.
   *
   * @return of each phrase
   */
  static List<FalseAlarms> of(PhraseSearch phrases, PhoneBank bank) {
    List<Target> plain = new ArrayList<>();
    phrases.targets().forEach(target -> plain.add(new Target(target.pronunciations(), 0, PLAIN)));
    PhraseSearch search = new PhraseSearch(phrases.phones(), plain, phrases.factors());
    Layer.Step step = search.prepare().start(1);
    StepBatch in = new StepBatch();
    StepBatch out = new StepBatch(search.outputs());
    List<Peaks> peaks = new ArrayList<>();
    int apart = (int) Math.ceil(APART_SECONDS / bank.stepSeconds());
    plain.forEach(target -> peaks.add(new Peaks(apart)));
    bank.replay(
        probabilities -> {
          in.clear();
          in.add(0, probabilities);
          step.run(in, out);
          for (int i = 0; i < peaks.size(); i++) {
            peaks.get(i).add(out.values(0)[i]);
          }
        });
    return peaks.stream().map(one -> new FalseAlarms(bank.hours(), one.ratios())).toList();
  }

  /**
   * The phrase with scores of {@code 1 / (1 + false alarms per hour)}. The rate beyond the weakest
   * of these false alarms is modelled as exponential in the log-likelihood ratio, as {@code
   * trigger.Calibration} does it. A phrase that nothing sounds like stays as it is.
   */
  Target calibrated(Target target) {
    if (ratios.size() < TAIL) {
      return target;
    }
    double weakest = ratios.get(ratios.size() - 1);
    double scale =
        ratios.stream().mapToDouble(ratio -> ratio - weakest).sum() / (ratios.size() - 1);
    scale = Math.max(LEAST_SCALE, scale);
    double level = weakest + scale * Math.log(ratios.size() / hours); // one an hour
    return new Target(target.pronunciations(), (float) level, (float) scale);
  }

  /** Collects the strongest peaks. */
  private static final class Peaks {
    private final int apart; // steps
    private final PriorityQueue<Float> strongest = new PriorityQueue<>(); // weakest first
    private float peak; // of the cluster under way
    private int since; // steps since the peak

    Peaks(int apart) {
      this.apart = apart;
    }

    void add(float score) {
      since++;
      if (since > apart) {
        keep();
      }
      if (score > peak) {
        peak = score;
        since = 0;
      }
    }

    private void keep() {
      if (peak > 0) {
        strongest.add(peak);
        if (strongest.size() > TAIL) {
          strongest.remove();
        }
      }
      peak = 0;
      since = 0;
    }

    List<Float> ratios() {
      keep();
      List<Float> scores = new ArrayList<>(strongest);
      scores.sort(Collections.reverseOrder());
      return scores.stream().map(score -> PLAIN * (float) Math.log(score / (1 - score))).toList();
    }
  }
}
