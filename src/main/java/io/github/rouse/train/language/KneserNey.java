// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An n-gram model with interpolated Kneser-Ney smoothing (Chen and Goodman 1999, section 2.7): the
 * longest n-grams are counted as they occur, shorter ones by how many different symbols come before
 * them. Each order has one discount, n1 / (n1 + 2 n2), where n1 and n2 are the numbers of n-grams
 * with a count of one and two, or one half if no count is one. Below single symbols, all are
 * equally likely.
 */
final class KneserNey {
  private final int symbols;
  private final int order;
  private final List<Counts> orders = new ArrayList<>(); // of 1-grams first

  /** The counts of one order, and what follows from them. */
  private static final class Counts {
    final Map<List<Integer>, Integer> grams = new HashMap<>();
    final Map<List<Integer>, Integer> totals = new HashMap<>(); // of what follows a history
    final Map<List<Integer>, Integer> kinds = new HashMap<>(); // different ones
    double discount;

    void add(List<Integer> gram) {
      List<Integer> history = gram.subList(0, gram.size() - 1);
      totals.merge(history, 1, Integer::sum);
      if (grams.merge(gram, 1, Integer::sum) == 1) {
        kinds.merge(history, 1, Integer::sum);
      }
    }

    void estimateDiscount() {
      long once = grams.values().stream().filter(count -> count == 1).count();
      long twice = grams.values().stream().filter(count -> count == 2).count();
      discount = once == 0 ? 0.5 : once / (once + 2.0 * twice);
    }
  }

  /**
   * Counts the n-grams of all lines.
   *
   * @param lines each a sequence of symbols; the boundary is taken to come before its first
   * @param boundary the symbol with the highest index
   */
  KneserNey(int order, List<int[]> lines, int boundary) {
    this.order = order;
    symbols = boundary + 1;
    for (int n = 1; n <= order; n++) {
      orders.add(new Counts());
    }
    Set<List<Integer>> seen = new HashSet<>();
    for (int[] line : lines) {
      List<Integer> padded = padded(line);
      for (int end = order; end <= padded.size(); end++) {
        List<Integer> gram = List.copyOf(padded.subList(end - order, end));
        orders.get(order - 1).add(gram);
        // Each different longer n-gram counts once for the shorter one that it ends with.
        for (int n = order; n > 1 && seen.add(gram.subList(order - n, order)); n--) {
          orders.get(n - 2).add(gram.subList(order - n + 1, order));
        }
      }
    }
    orders.forEach(Counts::estimateDiscount);
  }

  private List<Integer> padded(int[] line) {
    List<Integer> padded = new ArrayList<>();
    for (int i = 1; i < order; i++) {
      padded.add(symbols - 1);
    }
    Arrays.stream(line).forEach(padded::add);
    return padded;
  }

  /** The probability of the last symbol of an n-gram after those before it. */
  private double probability(List<Integer> gram) {
    if (gram.isEmpty()) {
      return 1.0 / symbols;
    }
    double shorter = probability(gram.subList(1, gram.size()));
    Counts counts = orders.get(gram.size() - 1);
    List<Integer> history = gram.subList(0, gram.size() - 1);
    int total = counts.totals.getOrDefault(history, 0);
    if (total == 0) {
      return shorter;
    }
    double kept = Math.max(0, counts.grams.getOrDefault(gram, 0) - counts.discount);
    return (kept + counts.discount * counts.kinds.get(history) * shorter) / total;
  }

  /** The natural logarithm of the probability of a line. */
  double logProbability(int[] line) {
    List<Integer> padded = padded(line);
    double sum = 0;
    for (int end = order; end <= padded.size(); end++) {
      sum += Math.log(probability(padded.subList(end - order, end)));
    }
    return sum;
  }
}
