// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import io.github.rouse.pronounce.PronouncingDictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A word and its pronunciations.
 *
 * @param word of {@link #LETTERS}
 * @param pronunciations in CMU's phonemes
 */
record Spelling(String word, List<List<String>> pronunciations) {
  /** What words are made of. */
  static final String LETTERS = "abcdefghijklmnopqrstuvwxyz'";

  private static final long SPLIT_SALT = 0x2545f4914f6cdd1dL;

  /** The words of a dictionary that are letters only; "a.m." and "e-mail" are read otherwise. */
  static List<Spelling> all(PronouncingDictionary dictionary) {
    List<Spelling> all = new ArrayList<>();
    dictionary
        .words()
        .forEach(
            (word, pronunciations) -> {
              if (word.chars().allMatch(c -> LETTERS.indexOf(c) >= 0)) {
                all.add(new Spelling(word, pronunciations));
              }
            });
    return all;
  }

  /** Whether the word is held out of training: by word and seed, not by its place in the file. */
  boolean isHeldOut(double share, long seed) {
    long hash = seed ^ SPLIT_SALT;
    for (int i = 0; i < word.length(); i++) {
      hash = new SplittableRandom(hash + word.charAt(i)).nextLong();
    }
    return new SplittableRandom(hash).nextDouble() < share;
  }
}
