// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import java.util.Map;
import java.util.stream.Stream;

/**
 * What events set off.
 *
 * @param general for every word
 * @param words for single words; what they do not say is as in {@code general}
 * @param clips where sound is saved; null for nowhere
 */
public record ActionSettings(
    WordActions general, Map<String, WordActions> words, ClipSettings clips) {
  /** No actions. */
  public static final ActionSettings NONE = new ActionSettings(WordActions.NONE, Map.of(), null);

  /** What the events of a word set off. */
  public WordActions of(String word) {
    return words.getOrDefault(word, WordActions.NONE).or(general);
  }

  /** All different actions. */
  Stream<WordActions> all() {
    return Stream.concat(Stream.of(general), words.keySet().stream().map(this::of));
  }
}
