// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.List;

/** Runs a trigger over posteriors. */
record EnrolmentTrial(Encoder encoder, TriggerPolicy policy) {
  /** The scores of the detections in a stream of posteriors. */
  List<Float> detections(float[] posteriors) {
    Trigger trigger = new Trigger(policy, encoder.features().sampleRate());
    List<Float> scores = new ArrayList<>();
    long at = 0; // samples
    for (float posterior : posteriors) {
      at += encoder.stepSamples();
      if (trigger.step(posterior, at)) {
        scores.add(trigger.score());
      }
    }
    if (trigger.finish(at)) {
      scores.add(trigger.score());
    }
    return scores;
  }
}
