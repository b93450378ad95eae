// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How good a wake word is: 100 points minus deductions. The rules come from the vendors named
 * beside them; the points are a rule of thumb, not a measurement.
 *
 * @param word that was rated
 * @param reasons for deductions, and remarks
 * @param near what it may be confused with, most similar first
 */
public record Rating(Pronunciation word, List<Reason> reasons, List<Confusable> near) {
  /**
   * The reason for a deduction, or a remark.
   *
   * @param points deducted; 0 for a remark
   * @param text a phrase for the user
   */
  public record Reason(int points, String text) {}

  /** The score as a word. */
  public enum Verdict {
    GOOD(80),
    FAIR(50),
    POOR(0);

    final int least;

    Verdict(int least) {
      this.least = least;
    }
  }

  private static final int LEAST_SOUNDS = 6;
  private static final int LEAST_SYLLABLES = 3;
  private static final int MOST_SYLLABLES = 6;
  private static final double LEAST_DIFFERENT = 0.7; // of all sounds
  private static final double MOST_OF_IT = 0.6; // of all sounds
  private static final int SHOWN = 5;

  /** Rates a word. */
  static Rating of(Pronunciation word, Vocabulary vocabulary) {
    List<Confusable> near = vocabulary.near(word);
    List<Reason> reasons = new ArrayList<>();
    length(word, reasons);
    sounds(word, reasons);
    spelling(word, reasons);
    parts(word, vocabulary, reasons);
    confusion(near, reasons);
    if (vocabulary.models().stream().anyMatch(word::spellsLike)) {
      reasons.add(new Reason(0, "you already have a model of it"));
    }
    if (vocabulary.common().isEmpty()) {
      reasons.add(new Reason(0, "not compared with common words; Rouse has them for English only"));
    }
    return new Rating(word, List.copyOf(reasons), near);
  }

  /** The score, 0 to 100. */
  public int score() {
    return Math.max(0, 100 - reasons.stream().mapToInt(Reason::points).sum());
  }

  /** The verdict for the score. */
  public Verdict verdict() {
    int score = score();
    return score >= Verdict.GOOD.least
        ? Verdict.GOOD
        : score >= Verdict.FAIR.least ? Verdict.FAIR : Verdict.POOR;
  }

  /**
   * Picovoice (picovoice.ai/blog/tips-for-choosing-a-wake-word) advises against fewer than six
   * phonemes or three syllables, and calls long phrases cumbersome. Microsoft (Azure's
   * "Recommendations and guidelines for keyword recognition") finds four to seven syllables best,
   * and at most two seconds; openvoice-tech.net ("A good wake word") finds more than four clunky.
   */
  private static void length(Pronunciation word, List<Reason> reasons) {
    int syllables = word.syllables();
    int sounds = word.phones().size();
    if (syllables < LEAST_SYLLABLES) {
      reasons.add(
          new Reason(
              25 * (LEAST_SYLLABLES - syllables),
              counted(syllables, "syllable")
                  + ": "
                  + LEAST_SYLLABLES
                  + " or more are easier to detect"));
    } else if (syllables > MOST_SYLLABLES) {
      reasons.add(
          new Reason(
              Math.min(60, 10 * (syllables - MOST_SYLLABLES)),
              syllables + " syllables: long to say often"));
    }
    if (sounds < LEAST_SOUNDS) {
      reasons.add(
          new Reason(
              10 * (LEAST_SOUNDS - sounds),
              counted(sounds, "phoneme")
                  + ": with fewer than "
                  + LEAST_SOUNDS
                  + " it also occurs in other words"));
    }
  }

  /**
   * Picovoice advises a variety of sounds. The sounds of "f" and "th" have at most a hundredth of a
   * vowel's power (Fletcher, "Speech and Hearing in Communication", 1953); the other non-sibilant
   * fricatives are assumed to be as weak.
   */
  private static void sounds(Pronunciation word, List<Reason> reasons) {
    int sounds = word.phones().size();
    double lacking = LEAST_DIFFERENT - (double) word.different() / sounds;
    if (lacking > 0) {
      int points = (int) Math.min(40, Math.ceil(100 * lacking));
      String text = "only " + word.different() + " of " + sounds + " sounds are different";
      reasons.add(new Reason(points, text));
    }
    if (word.repeatsSyllable()) {
      reasons.add(new Reason(10, "a syllable occurs twice: half the word sounds like all of it"));
    }
    if (word.phones().stream().allMatch(p -> p.vowel() || p.faint())) {
      reasons.add(
          new Reason(10, "no consonant that carries through noise, such as b, d, k, m, n, s"));
    }
  }

  /** Microsoft advises against digits and symbols, which have more than one reading. */
  private static void spelling(Pronunciation word, List<Reason> reasons) {
    if (word.text().matches("(?s).*[^\\p{L}\\p{M}\\s'’,!?-].*")) {
      reasons.add(
          new Reason(10, "digits or symbols have more than one reading: spell the word out"));
    }
  }

  /** Parts of a word can trigger it; a rule of thumb. */
  private static void parts(Pronunciation word, Vocabulary vocabulary, List<Reason> reasons) {
    int sounds = word.phones().size();
    List<String> holders = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (Pronunciation c : vocabulary.common()) {
      int others = c.phones().size();
      if (others > sounds && c.contains(word)) {
        holders.add(c.text());
      } else if (others < sounds && others >= MOST_OF_IT * sounds && word.contains(c)) {
        parts.add(c.text());
      }
    }
    if (!holders.isEmpty() && !vocabulary.isCommon(word.text())) {
      reasons.add(new Reason(10, "occurs in: " + listed(holders)));
    }
    if (!parts.isEmpty()) {
      reasons.add(new Reason(5, "most of it is a common word: " + listed(parts)));
    }
  }

  /**
   * Microsoft advises against common words, SoundHound ("5 important keys to a truly hands-free
   * voice assistant") against words that sound like others.
   */
  private static void confusion(List<Confusable> near, List<Reason> reasons) {
    near.stream()
        .max(Comparator.comparingInt(Confusable::points))
        .filter(worst -> worst.points() > 0)
        .ifPresent(
            worst -> {
              String how = worst.likeness() == 1 ? "is \"" : "sounds like \"";
              String text = how + worst.text() + "\", " + worst.origin().what();
              reasons.add(new Reason(worst.points(), text));
            });
  }

  private static String listed(List<String> words) {
    String shown = String.join(", ", words.subList(0, Math.min(SHOWN, words.size())));
    return words.size() > SHOWN ? shown + " and " + (words.size() - SHOWN) + " more" : shown;
  }

  private static String counted(int number, String what) {
    return (number == 0 ? "no " : number + " ") + what + (number == 1 ? "" : "s");
  }
}
