package io.github.rouse.detect;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;

/**
 * Receives what a detector hears. What it throws comes out of {@code accept}; after that only a
 * {@code reset} makes the detector fit for use.
 */
@FunctionalInterface
public interface DetectionHandler {
  /** A word was heard. */
  void event(TriggerEvent event);

  /**
   * A step of posteriors came out, before any smoothing. After three seconds of true silence (no
   * sample above two steps of 16 bits) they stay what they are until there is sound again.
   *
   * @param at the sample, at the model's rate, at which they became known
   * @param posteriors [words], overwritten by the next step
   */
  default void posteriors(WakeModel model, long at, float[] posteriors) {}
}
