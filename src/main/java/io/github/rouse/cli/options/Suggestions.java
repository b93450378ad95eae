// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import java.util.Collection;
import java.util.List;

/** Names that somebody may have meant. */
public final class Suggestions {
  private static final int TYPOS = 2;

  private Suggestions() {}

  /** The known names nearest to an unknown one, if they differ in at most two letters. */
  static List<String> of(String unknown, Collection<String> known) {
    int least = known.stream().mapToInt(name -> distance(unknown, name)).min().orElse(TYPOS + 1);
    return least > TYPOS || least >= unknown.length() - 1
        ? List.of()
        : known.stream().filter(name -> distance(unknown, name) == least).sorted().toList();
  }

  /** "; did you mean ...?" with the nearest of the known names, or nothing. */
  public static String question(String unknown, Collection<String> known) {
    List<String> alike = of(unknown, known);
    return alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?";
  }

  /** Letters to insert, delete or replace (Levenshtein's distance). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 0; i < a.length(); i++) {
      int diagonal = row[0];
      row[0] = i + 1;
      for (int j = 0; j < b.length(); j++) {
        int replaced = diagonal + (a.charAt(i) == b.charAt(j) ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = Math.min(replaced, 1 + Math.min(row[j], row[j + 1]));
      }
    }
    return row[b.length()];
  }
}
