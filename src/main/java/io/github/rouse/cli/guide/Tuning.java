// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.eval.Calibrator;
import io.github.rouse.eval.Recording;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Sets the threshold of a new model from the listening test: low enough to detect the words that
 * were said, unless that would cost too many false alarms, and above the other speech.
 *
 * @param model with the new threshold; its calibration includes the test's other speech
 * @param was the previous threshold
 * @param words scores of the words said, strongest first
 * @param alarm the highest score of the other speech; 0 if there is none
 */
record Tuning(WakeModel model, float was, List<Float> words, float alarm) {
  private static final double FALSE_ALARMS_PER_HOUR = 0.5; // as enrolment has it
  private static final double MOST_PER_HOUR = 2; // to detect a word that was said
  private static final float MARGIN = 0.8f; // of the weakest word's odds

  /** Tunes a model. */
  static Tuning of(WakeModel model, Path words, Path talk) throws IOException {
    List<Float> said =
        strongest(Calibrator.scores(model, new Recording(words, "")).scores()).stream()
            .limit(ListeningTest.TIMES)
            .toList();
    Calibrator.Scores other = Calibrator.scores(model, new Recording(talk, ""));
    float alarm = strongest(other.scores()).stream().findFirst().orElse(0f);
    Calibration calibration = with(other, model.calibration().orElseThrow());
    float usual = threshold(calibration, FALSE_ALARMS_PER_HOUR);
    float weakest = said.size() < ListeningTest.TIMES ? 1 : said.get(said.size() - 1);
    float odds = MARGIN * weakest / Math.max(1e-6f, 1 - weakest);
    float wanted = odds / (1 + odds);
    float threshold = Math.min(usual, Math.max(threshold(calibration, MOST_PER_HOUR), wanted));
    if (alarm >= threshold && alarm < weakest) {
      threshold = Math.max(Math.nextUp(alarm), wanted);
    }
    WakeModel tuned = model.withCalibration(calibration);
    return new Tuning(
        tuned.withPolicy(tuned.policy().withThreshold(threshold)),
        model.policy().threshold(),
        said,
        alarm);
  }

  private static List<Float> strongest(List<Float> scores) {
    return scores.stream().sorted(Collections.reverseOrder()).toList();
  }

  /** The calibration with more sound and its scores. */
  private static Calibration with(Calibrator.Scores more, Calibration before) {
    List<Float> scores = new ArrayList<>(before.scores());
    scores.addAll(more.scores());
    return new Calibration(before.hours() + more.seconds() / 3600, before.times(), scores);
  }

  private static float threshold(Calibration calibration, double perHour) throws IOException {
    try {
      return calibration.threshold(perHour);
    } catch (IllegalArgumentException e) { // the model's fault, not the caller's
      throw new IOException(e.getMessage() + "; record the word again, or choose a longer one", e);
    }
  }

  /** The number of words that the tuned model detects. */
  long found() {
    return words.stream().filter(score -> score >= model.policy().threshold()).count();
  }

  /** The result in one line. */
  String describe() {
    float threshold = model.policy().threshold();
    return String.format(
        Locale.ROOT,
        "threshold %.3f (was %.3f): detects %d of %d words said (scores %s); highest score of the"
            + " other speech %.2f; expect %.2g false alarms per hour",
        threshold,
        was,
        found(),
        ListeningTest.TIMES,
        words.stream().map(score -> String.format(Locale.ROOT, "%.2f", score)).toList(),
        alarm,
        model.calibration().orElseThrow().perHour(threshold));
  }
}
