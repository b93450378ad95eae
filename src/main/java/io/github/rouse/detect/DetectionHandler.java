// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;

/**
 * Receives a detector's events and posteriors. An exception from a handler propagates out of {@code
 * accept}; the detector then needs a {@code reset}.
 *
 * <pre>{@code
 * DetectionHandler handler =
 *     new DetectionHandler() {
 *       @Override
 *       public void event(TriggerEvent event) {
 *         System.out.println(event.word());
 *       }
 *
 *       @Override
 *       public void nearMiss(TriggerEvent miss) {
 *         System.out.println("almost " + miss.word() + ", score " + miss.score());
 *       }
 *     };
 * Detector detector = new Detector(List.of(model), 16_000, Engine.NATIVE, handler);
 * }</pre>
 */
@FunctionalInterface
public interface DetectionHandler {
  /** A word was detected. */
  void event(TriggerEvent event);

  /**
   * A word was nearly detected: its score reached half the threshold, and no event followed. Known
   * only when the refractory period is over.
   *
   * @param miss its score is below the threshold
   */
  default void nearMiss(TriggerEvent miss) {}

  /**
   * A network step produced posteriors, before smoothing. After three seconds of true silence (no
   * sample above two 16-bit steps) they stay constant until sound returns.
   *
   * @param at sample, at the model's rate, at which they became known
   * @param posteriors [words], overwritten by the next step
   */
  default void posteriors(WakeModel model, long at, float[] posteriors) {}
}
