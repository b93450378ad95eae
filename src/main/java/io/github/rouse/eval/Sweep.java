// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run at a low threshold, from whose scores follows what any higher threshold would raise. A
 * verifier's first score of a word may be far below the next one, so its candidates are all raised,
 * and those within one refractory period are then one event with the highest score.
 */
final class Sweep {
  private Sweep() {}

  /** The model that runs. */
  static WakeModel at(float threshold, WakeModel model) {
    TriggerPolicy policy = model.policy().withThreshold(threshold);
    return model.withPolicy(model.verifier().isPresent() ? policy.withRefractory(0) : policy);
  }

  /**
   * The events of a run, one for each refractory period of the model.
   *
   * @param model as it was before {@link #at}
   * @param events in order
   */
  static List<TriggerEvent> peaks(WakeModel model, List<TriggerEvent> events) {
    if (model.verifier().isEmpty()) {
      return events;
    }
    double refractory = (double) model.policy().refractory() * model.features().sampleRate();
    List<TriggerEvent> peaks = new ArrayList<>();
    Map<String, Integer> open = new HashMap<>(); // by word, the peak of the period
    Map<String, Long> opened = new HashMap<>(); // by word, the period's first sample
    for (TriggerEvent event : events) {
      Long since = opened.get(event.word());
      if (since == null || event.at() - since >= refractory) {
        opened.put(event.word(), event.at());
        open.put(event.word(), peaks.size());
        peaks.add(event);
      } else if (event.score() > peaks.get(open.get(event.word())).score()) {
        peaks.set(open.get(event.word()), event);
      }
    }
    return peaks;
  }
}
