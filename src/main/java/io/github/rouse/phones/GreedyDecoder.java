// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import java.util.List;
import java.util.function.Consumer;

/**
 * Decodes a phone recogniser's steps greedily: the likeliest output of each step, equal ones in a
 * row joined, blanks left out (Graves et al. 2006, best path decoding).
 */
public final class GreedyDecoder implements PhoneDecoder {
  private final List<String> phones;
  private final double step;
  private final Consumer<HeardPhone> heard;
  private int current; // output of the last step
  private double start;
  private double end;
  private float clearest;

  /**
   * Creates a decoder.
   *
   * @param phones named by the outputs; the blank is the output after the last
   * @param step seconds from one step to the next
   * @param heard receives each phone when it has ended
   */
  public GreedyDecoder(List<String> phones, double step, Consumer<HeardPhone> heard) {
    this.phones = phones;
    this.step = step;
    this.heard = heard;
    current = phones.size();
  }

  @Override
  public void accept(double at, float[] probabilities) {
    int likeliest = 0;
    for (int k = 1; k <= phones.size(); k++) {
      if (probabilities[k] > probabilities[likeliest]) {
        likeliest = k;
      }
    }
    if (likeliest != current) {
      finish();
      current = likeliest;
      start = at - step;
      clearest = 0;
    }
    end = at;
    clearest = Math.max(clearest, probabilities[likeliest]);
  }

  @Override
  public void finish() {
    if (current < phones.size()) {
      heard.accept(new HeardPhone(phones.get(current), start, end, clearest));
    }
    current = phones.size();
  }
}
