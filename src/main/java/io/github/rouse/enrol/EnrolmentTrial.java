package io.github.rouse.enrol;

import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.trigger.Trigger;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * A network above an encoder, tried on embeddings.
 *
 * @param head from embeddings to the posterior of one word
 * @param policy how sure it is to be
 */
record EnrolmentTrial(Encoder encoder, Network head, TriggerPolicy policy) {
  /** The scores of what it raises in a sound, [steps][units]. */
  List<Float> raised(float[][] sound) {
    Hearing hearing = new Hearing();
    for (float[] step : sound) {
      hearing.step(step);
    }
    return hearing.end();
  }

  /** The scores of what it raises in a part of a bank. */
  List<Float> raised(EmbeddingBank bank, int from, int to) {
    Hearing hearing = new Hearing();
    float[] step = new float[bank.units()];
    for (int t = from; t < to; t++) {
      bank.copy(t, step);
      hearing.step(step);
    }
    return hearing.end();
  }

  private final class Hearing {
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
