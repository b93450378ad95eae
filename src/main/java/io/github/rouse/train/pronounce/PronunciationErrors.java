// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.pronounce.BeamSearch;
import java.util.List;

/**
 * How well a model pronounces words. The nearest of a word's pronunciations counts.
 *
 * @param words tried
 * @param wrongWords whose best pronunciation is none of the dictionary's
 * @param phonemes in the nearest pronunciations
 * @param edits substitutions, insertions and deletions to reach these
 */
record PronunciationErrors(int words, int wrongWords, int phonemes, int edits) {
  static PronunciationErrors of(PronunciationModel model, List<Spelling> spellings) {
    BeamSearch search = new BeamSearch(model);
    int wrong = 0;
    int phonemes = 0;
    int edits = 0;
    for (Spelling spelling : spellings) {
      List<String> given = search.search(spelling.word(), 1).get(0).phonemes();
      int least = Integer.MAX_VALUE;
      int length = 0;
      for (List<String> correct : spelling.pronunciations()) {
        int distance = distance(given, correct);
        if (distance < least) {
          least = distance;
          length = correct.size();
        }
      }
      wrong += least > 0 ? 1 : 0;
      edits += least;
      phonemes += length;
    }
    return new PronunciationErrors(spellings.size(), wrong, phonemes, edits);
  }

  /** Share of the phonemes, 0 to 1. */
  double phonemeRate() {
    return (double) edits / phonemes;
  }

  /** Share of the words, 0 to 1. */
  double wordRate() {
    return (double) wrongWords / words;
  }

  /** The Levenshtein distance. */
  static int distance(List<String> a, List<String> b) {
    int[] row = new int[b.size() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 0; i < a.size(); i++) {
      int diagonal = row[0];
      row[0] = i + 1;
      for (int j = 0; j < b.size(); j++) {
        int substituted = diagonal + (a.get(i).equals(b.get(j)) ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = Math.min(substituted, Math.min(row[j], row[j + 1]) + 1);
      }
    }
    return row[b.size()];
  }
}
