// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.SymbolLoss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Some words of one length, so that the encoder needs no padding, and a pronunciation of each.
 *
 * @param letters 1 at each letter, [letters + 1][words][alphabet + 1]; the last is the end
 * @param previous phoneme before each step, [phonemes + 1][words]; the end symbol at the start
 * @param targets phoneme of each step, then the end symbol, then {@link SymbolLoss#NONE}
 */
record SpellingBatch(SequenceBatch letters, int[][] previous, int[][] targets) {
  /**
   * A word with one of its pronunciations.
   *
   * @param phonemes their indices
   */
  record Example(String word, int[] phonemes) {}

  static SpellingBatch of(List<Example> examples, int end) {
    int steps = examples.get(0).word.length() + 1;
    int alphabet = Spelling.LETTERS.length();
    int longest = examples.stream().mapToInt(e -> e.phonemes.length).max().orElseThrow();
    SequenceBatch letters = new SequenceBatch(steps, examples.size(), alphabet + 1);
    int[][] previous = new int[longest + 1][examples.size()];
    int[][] targets = new int[longest + 1][examples.size()];
    for (int i = 0; i < examples.size(); i++) {
      Example example = examples.get(i);
      for (int t = 0; t < steps; t++) {
        int letter = t == steps - 1 ? alphabet : Spelling.LETTERS.indexOf(example.word.charAt(t));
        letters.data()[(t * examples.size() + i) * letters.width() + letter] = 1f;
      }
      int count = example.phonemes.length;
      for (int t = 0; t <= longest; t++) {
        previous[t][i] = t == 0 || t > count ? end : example.phonemes[t - 1];
        targets[t][i] = t > count ? SymbolLoss.NONE : t == count ? end : example.phonemes[t];
      }
    }
    return new SpellingBatch(letters, previous, targets);
  }

  /**
   * Divides examples into batches, in random order. Those of a batch have about as many phonemes,
   * too: each step beyond a word's own is wasted.
   *
   * @param size of a batch; the last one of each length may be smaller
   */
  static List<List<Example>> shuffled(List<Example> examples, int size, long seed) {
    Random random = new Random(seed);
    List<Example> order = new ArrayList<>(examples);
    Collections.shuffle(order, random);
    Map<Integer, List<Example>> byLength = new TreeMap<>();
    order.forEach(
        e -> byLength.computeIfAbsent(e.word.length(), unused -> new ArrayList<>()).add(e));
    List<List<Example>> batches = new ArrayList<>();
    for (List<Example> same : byLength.values()) {
      same.sort(Comparator.comparingInt(e -> e.phonemes.length)); // stable
      for (int from = 0; from < same.size(); from += size) {
        batches.add(same.subList(from, Math.min(from + size, same.size())));
      }
    }
    Collections.shuffle(batches, random);
    return batches;
  }
}
