// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.pronounce.PhonemeContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Decodes a phone recogniser's steps by prefix beam search (Hannun et al. 2014): the probabilities
 * of all alignments of the same phones add up, and a language model weighs the phones. The rank of
 * some phones is
 *
 * <pre>log P(phones | sound) + {@value #LANGUAGE} log P(phones) + {@value #LENGTH} per phone</pre>
 *
 * <p>A phone is reported when all phones still in the beam begin with it.
 */
public final class BeamDecoder implements PhoneDecoder {
  private static final int WIDTH = 12; // of the beam
  private static final float LEAST = 1e-3f; // probability of a phone that is tried
  private static final double MARGIN = 10; // to the best rank, of what is kept
  private static final double LANGUAGE = 0.3; // weight of the language model
  private static final double LENGTH = 0.7; // for each phone: phones cost probability

  private final List<String> phones;
  private final double step;
  private final PhonemeLanguage language;
  private final int[] symbols; // the language model's, of each phone
  private final Consumer<HeardPhone> heard;
  private final int width;
  private final float least;
  private final double margin;
  private Prefix root; // ends with the phone reported last
  private List<Prefix> beam; // best first

  /**
   * Creates a decoder.
   *
   * @param phones named by the outputs; the blank is the output after the last
   * @param step seconds from one step to the next
   * @param language of these phones, or more
   * @param heard receives each phone when it is decided
   * @throws IllegalArgumentException if the language model lacks a phone
   */
  public BeamDecoder(
      List<String> phones, double step, PhonemeLanguage language, Consumer<HeardPhone> heard) {
    this(phones, step, language, heard, WIDTH, LEAST, MARGIN);
  }

  BeamDecoder(
      List<String> phones,
      double step,
      PhonemeLanguage language,
      Consumer<HeardPhone> heard,
      int width,
      float least,
      double margin) {
    this.phones = phones;
    this.step = step;
    this.language = language;
    this.heard = heard;
    this.width = width;
    this.least = least;
    this.margin = margin;
    symbols = phones.stream().mapToInt(language::symbol).toArray();
    start();
  }

  private void start() {
    root = new Prefix(null, phones.size(), 0);
    root.endInBlank = 1;
    root.context = PhonemeContext.start(language);
    beam = List.of(root);
  }

  /** Some phones, and the probabilities of the alignments of all steps so far to them. */
  private final class Prefix {
    private Prefix before; // without the last phone; null for what is decided
    private final int phone;
    private final double weight; // by the language model and the number of phones, logarithm
    private final TreeMap<Integer, Prefix> longer = new TreeMap<>(); // by the phone added
    private PhonemeContext context; // null until it is needed
    private PhonemeContext newWord; // likewise, if a word ends here
    private double endInBlank;
    private double endInPhone;
    private double nextInBlank;
    private double nextInPhone;
    private double arrived; // largest share of the beam's alignments that got here in one step
    private double at; // end of that step
    private float probability; // of the phone in it

    Prefix(Prefix before, int phone, double weight) {
      this.before = before;
      this.phone = phone;
      this.weight = weight;
    }

    private double total() {
      return endInBlank + endInPhone;
    }

    private double rank() {
      return Math.log(total()) + weight;
    }

    private Prefix then(int next) {
      return longer.computeIfAbsent(
          next, unused -> new Prefix(this, next, weight + LENGTH + LANGUAGE * expected(next)));
    }

    /** Logarithm of a phone's probability: whether a word ends before it is not known. */
    private double expected(int next) {
      if (context == null) {
        context = before.context(phone);
      }
      if (newWord == null) {
        newWord = context.then(language.boundary());
      }
      double within = context.logProbability(symbols[next]);
      double after = afterBoundary(next);
      double larger = Math.max(within, after);
      return larger + Math.log1p(Math.exp(Math.min(within, after) - larger));
    }

    private double afterBoundary(int next) {
      return context.logProbability(language.boundary()) + newWord.logProbability(symbols[next]);
    }

    /** What is expected after a further phone, with the likelier division into words. */
    private PhonemeContext context(int next) {
      boolean within = context.logProbability(symbols[next]) >= afterBoundary(next);
      return (within ? context : newWord).then(symbols[next]);
    }

    private void arrive(double share, double time, float clear) {
      nextInPhone += share;
      if (share > arrived) {
        arrived = share;
        at = time;
        probability = clear;
      }
    }

    private void advance() {
      endInBlank = nextInBlank;
      endInPhone = nextInPhone;
      nextInBlank = 0;
      nextInPhone = 0;
    }
  }

  @Override
  public void accept(double at, float[] probabilities) {
    Set<Prefix> reached = new LinkedHashSet<>();
    for (Prefix prefix : beam) {
      reached.add(prefix);
      prefix.nextInBlank += prefix.total() * probabilities[phones.size()];
      if (prefix.phone < phones.size()) {
        prefix.nextInPhone += prefix.endInPhone * probabilities[prefix.phone];
      }
      for (int next = 0; next < phones.size(); next++) {
        if (probabilities[next] >= least) {
          double from = next == prefix.phone ? prefix.endInBlank : prefix.total();
          Prefix longer = prefix.then(next);
          longer.arrive(from * probabilities[next], at, probabilities[next]);
          reached.add(longer);
        }
      }
    }
    List<Prefix> ranked = new ArrayList<>(reached);
    ranked.forEach(Prefix::advance);
    ranked.sort(Comparator.comparingDouble(Prefix::rank).reversed()); // stable
    double lowest = ranked.get(0).rank() - margin;
    beam = ranked.stream().limit(width).filter(prefix -> prefix.rank() >= lowest).toList();
    double sum = beam.stream().mapToDouble(Prefix::total).sum();
    for (Prefix dropped : ranked.subList(beam.size(), ranked.size())) {
      dropped.endInBlank = 0;
      dropped.endInPhone = 0;
      forget(dropped);
    }
    for (Prefix kept : beam) {
      kept.endInBlank /= sum;
      kept.endInPhone /= sum;
    }
    reportDecided();
  }

  /** Cuts off a prefix that is not in the beam and leads to none that is. */
  private void forget(Prefix dropped) {
    Prefix end = dropped;
    while (end != root && end.total() == 0 && end.longer.isEmpty()) {
      end.before.longer.remove(end.phone);
      end = end.before;
    }
  }

  /** Reports the phones that all prefixes of the beam begin with. */
  private void reportDecided() {
    for (Prefix next = first(beam.get(0)); next != null; next = first(beam.get(0))) {
      for (Prefix other : beam) {
        if (first(other) != next) {
          return;
        }
      }
      decide(next);
    }
  }

  /**
   * The prefix with one phone more than the root that another begins with; null if it is the root.
   */
  private Prefix first(Prefix prefix) {
    Prefix first = null;
    for (Prefix p = prefix; p != root; p = p.before) {
      first = p;
    }
    return first;
  }

  private void decide(Prefix next) {
    heard.accept(new HeardPhone(phones.get(next.phone), next.at - step, next.at, next.probability));
    if (next.context == null) {
      next.context = root.context(next.phone);
    }
    next.before = null; // frees the alternatives that lost
    root = next;
  }

  @Override
  public void finish() {
    for (Prefix next = first(beam.get(0)); next != null; next = first(beam.get(0))) {
      decide(next);
    }
    start();
  }
}
