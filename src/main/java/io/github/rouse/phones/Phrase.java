// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import java.util.List;

/**
 * A typed phrase and how it may be said.
 *
 * @param text as typed
 * @param pronunciations at least one, each a sequence of phones
 * @param threshold score from 0 to 1 that is an event; null for that of all phrases
 */
public record Phrase(String text, List<List<String>> pronunciations, Float threshold) {
  /** Copies the pronunciations. */
  public Phrase {
    pronunciations = pronunciations.stream().map(List::copyOf).distinct().toList();
    if (pronunciations.isEmpty() || pronunciations.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(text + ": has no pronunciation");
    }
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(text + ": threshold=" + threshold + ", expected 0 to 1");
    }
  }
}
