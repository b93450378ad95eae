// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import java.util.List;
import java.util.Set;

/**
 * What all streams of a pipeline share.
 *
 * @param features of all the models
 * @param models in the order of the pipeline's networks
 * @param unit frames of silence skipped at a time, a common multiple of all strides
 * @param patience samples of silence processed before any is skipped
 * @param history frames that verifiers read; 0 without any
 */
record StreamPlan(
    FeatureSpec features, List<WakeModel> models, int unit, long patience, int history) {
  private static final int MAX_UNIT = 1000; // frames

  /**
   * Plans the streams of models with the same features.
   *
   * @param patienceSeconds of silence to process, at least, before any is skipped
   */
  static StreamPlan of(List<WakeModel> models, double patienceSeconds) {
    FeatureSpec features = models.get(0).features();
    long unit = 1;
    long context = 0; // frames
    int history = 0;
    for (WakeModel model : models) {
      history = Math.max(history, model.verifier().map(Verifier::frames).orElse(0));
      unit = unit > MAX_UNIT ? unit : leastCommonMultiple(unit, model.network().stride());
      context = Math.max(context, model.network().receptiveField() + model.network().stride());
    }
    context = Math.max(context, history);
    if (unit > MAX_UNIT) {
      return new StreamPlan(features, models, 1, Long.MAX_VALUE, history); // never skips
    }
    long seconds = Math.round(patienceSeconds * features.sampleRate());
    long patience = Math.max(seconds, context * features.hop()) + features.frameLength();
    return new StreamPlan(features, models, (int) unit, patience, history);
  }

  private static long leastCommonMultiple(long a, long b) {
    long multiple = a;
    while (multiple % b != 0) { // at most 4096 times, the largest stride
      multiple += a;
    }
    return multiple;
  }

  /** Whether a stream for these words, or for all if there are none, needs the model. */
  static boolean needs(Set<String> words, WakeModel model) {
    return words.isEmpty() || model.words().stream().anyMatch(words::contains);
  }

  /** Samples of silence skipped at a time. */
  int unitSamples() {
    return unit * features.hop();
  }
}
