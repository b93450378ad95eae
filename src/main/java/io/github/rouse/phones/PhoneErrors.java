// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import java.util.List;

/**
 * Phone errors: the substitutions, insertions and deletions between decoded and reference phones.
 */
public final class PhoneErrors {
  private long errors;
  private long said;

  /** Adds an utterance. */
  public void add(List<String> reference, List<String> heard) {
    int[] row = new int[heard.size() + 1]; // distances of a prefix of the reference
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= reference.size(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (reference.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    errors += row[heard.size()];
    said += reference.size();
  }

  /** Phones said so far. */
  public long said() {
    return said;
  }

  /** Errors so far. */
  public long errors() {
    return errors;
  }

  /** Errors per phone said. */
  public double rate() {
    return said == 0 ? 0 : (double) errors / said;
  }
}
