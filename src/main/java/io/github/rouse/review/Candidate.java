// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.Detector;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.trigger.TriggerEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A moment that the first look raised, and what the heads of the second look make of it.
 *
 * @param word its index in the model
 * @param at sample at which it was raised, at the model's rate
 * @param first score of the first look
 * @param second score of the second look
 * @param score of both
 * @param views [windows x heads][values], the last window first: what a head's last layers read
 */
record Candidate(int word, long at, float first, float second, float score, float[][] views) {

  /** All moments of a sound, at the model's rate, that the first look raises. */
  static List<Candidate> of(WakeModel model, float[] samples) {
    Verifier verifier = model.verifier().orElseThrow();
    // With this policy each candidate is an event.
    WakeModel open =
        model.withThreshold(0).withPolicy(model.policy().withThreshold(0).withRefractory(0));
    List<TriggerEvent> events = new ArrayList<>();
    int rate = model.features().sampleRate();
    try (Detector detector = new Detector(List.of(open), rate, Engine.NATIVE, events::add)) {
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    List<float[]> frames = new ArrayList<>();
    if (!events.isEmpty()) {
      new Spectrogram(model.features())
          .accept(samples, 0, samples.length, (values, level) -> frames.add(values.clone()));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (TriggerEvent event : events) {
      int word = model.words().indexOf(event.word());
      float[][] window = window(frames, model.features(), event.at(), verifier.frames());
      float[][] vectors = verifier.encoder().network().forward(window);
      List<float[]> views = new ArrayList<>();
      for (float[][] seen : verifier.windows(vectors)) {
        for (Network head : verifier.heads().get(word).networks()) {
          views.add(LearntHead.of(head).body().forward(seen)[0]);
        }
      }
      candidates.add(
          new Candidate(
              word,
              event.at(),
              event.looks().first(),
              event.looks().second(),
              event.score(),
              views.toArray(float[][]::new)));
    }
    return candidates;
  }

  /** The frames that the second look reads at a sample. */
  private static float[][] window(List<float[]> frames, FeatureSpec features, long at, int count) {
    int known = (int) Math.min(frames.size(), features.frames(at));
    float[][] window = new float[count][];
    for (int i = 0; i < count; i++) {
      window[i] = frames.get(Math.max(0, known - count + i)); // copies before the first, as live
    }
    return window;
  }
}
