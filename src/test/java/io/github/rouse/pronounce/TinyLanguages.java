// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.Provenance;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import java.util.List;
import java.util.Random;

/** Language models of phonemes with random weights. */
public final class TinyLanguages {
  private TinyLanguages() {}

  /** A model of some phonemes. */
  public static PhonemeLanguage model(List<String> phonemes, long seed) {
    int symbols = phonemes.size() + 1;
    Network network =
        new Network(
            List.of(
                TinyPronunciations.gru(new Random(seed), symbols, 5),
                new Dense(
                    TinyPronunciations.rows(new Random(seed + 1), 5, symbols),
                    new float[symbols])));
    return new PhonemeLanguage(phonemes, network, Provenance.of("a test"));
  }
}
