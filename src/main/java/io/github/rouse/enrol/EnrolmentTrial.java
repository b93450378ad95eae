// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a head with its trigger over embeddings.
 *
 * @param head from embeddings to the posterior of one word
 * @param policy of the trigger
 */
record EnrolmentTrial(Encoder encoder, Network head, TriggerPolicy policy) {
  /** The scores of the detections in a recording, [steps][units]. */
  List<Float> detections(float[][] sound) {
    Run run = new Run();
    for (float[] step : sound) {
      run.step(step);
    }
    return run.end();
  }

  /** The scores of the detections in a part of a bank. */
  List<Float> detections(EmbeddingBank bank, int from, int to) {
    Run run = new Run();
    float[] step = new float[bank.units()];
    for (int t = from; t < to; t++) {
      bank.copy(t, step);
      run.step(step);
    }
    return run.end();
  }

  private final class Run {
    private final NetworkState state = head.start();
    private final StepBatch one = new StepBatch();
    private final Trigger trigger = new Trigger(policy, encoder.features().sampleRate());
    private final List<Float> scores = new ArrayList<>();
    private long at; // samples

    void step(float[] embedding) {
      one.clear();
      one.add(0, embedding);
      float[] posteriors = state.run(one).values(0);
      at += encoder.stepSamples();
      if (trigger.step(posteriors[0], at)) {
        scores.add(trigger.score());
      }
    }

    List<Float> end() {
      if (trigger.finish(at)) {
        scores.add(trigger.score());
      }
      return scores;
    }
  }
}
