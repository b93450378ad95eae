// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.state.Snapshot;

/**
 * What a language model expects after some phonemes. Contexts are immutable and branch: {@link
 * #then} leaves the context before it as it is. Those of one start are for one thread.
 */
public final class PhonemeContext {
  private final PhonemeLanguage model;
  private final NetworkState network; // shared by all contexts of one start
  private final byte[] state; // after the last symbol
  private final float[] logits;
  private final double total; // logarithm of the sum of their exponentials

  private PhonemeContext(PhonemeLanguage model, NetworkState network, int symbol) {
    this.model = model;
    this.network = network;
    float[] read = new float[model.network().inputs()];
    read[symbol] = 1f;
    StepBatch result = network.run(StepBatch.of(new float[][] {read}));
    logits = result.values(0).clone();
    total = BeamSearch.logTotal(logits);
    state = Snapshot.save(network::state);
  }

  /** The context at the start of an utterance. */
  public static PhonemeContext start(PhonemeLanguage model) {
    return new PhonemeContext(model, model.network().start(), model.boundary());
  }

  /** The context after one symbol more. */
  public PhonemeContext then(int symbol) {
    network.state(Snapshot.from(state));
    return new PhonemeContext(model, network, symbol);
  }

  /** The natural logarithm of the probability that a symbol is next. */
  public double logProbability(int symbol) {
    return logits[symbol] - total;
  }

  /** The natural logarithm of the probability that these symbols come next, in this order. */
  public double logProbability(int[] symbols) {
    double sum = 0;
    PhonemeContext context = this;
    for (int symbol : symbols) {
      sum += context.logProbability(symbol);
      context = context.then(symbol);
    }
    return sum;
  }
}
