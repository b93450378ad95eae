// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import java.util.List;

/** The model of any loud sound with a verifier that likes or dislikes what it hears. */
public final class VerifiedModels {
  private static final WakeModel LOUD = TestModels.loudness("loud");

  private VerifiedModels() {}

  /** The verifier gives about this logit, whatever it hears. */
  public static WakeModel loudness(float logit, float share) {
    return LOUD.withVerifier(verifier(logit, share));
  }

  static final int GAP = 6; // frames; two steps of the encoder

  /** Two values every three frames: mean levels of the last nine frames, one negated. */
  static SpeechEncoder encoder() {
    int bins = LOUD.features().bins();
    float[][] weights = new float[9 * bins][2];
    for (float[] row : weights) {
      row[0] = 1f / weights.length;
      row[1] = -1f / weights.length;
    }
    Network network = new Network(List.of(new Conv1d(weights, new float[2], 9, 3, 0)));
    return new SpeechEncoder(LOUD.features(), network, Provenance.of("a test"));
  }

  static Verifier verifier(float logit, float share) {
    Network head =
        new Network(
            List.of(
                new AttentionPooling(new float[2][1], new float[1], new float[1]),
                new Dense(new float[][] {{0.01f}, {0.02f}}, new float[] {logit})));
    return Verifier.of(
        encoder(), 40, GAP, List.of(new Verifier.WordHead(List.of(head), 0.05f, share)), 0.4f);
  }
}
