// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

/**
 * A word or phrase that a wake word may be confused with.
 *
 * @param origin its origin
 * @param text its spelling
 * @param likeness similarity of the two pronunciations: 1 for the same, 0 for nothing in common
 */
public record Confusable(Origin origin, String text, double likeness) {
  /** Least likeness of confusable words; a rule of thumb. */
  static final double LIKE = 0.6;

  private static final int MOST_POINTS = 30; // for a match with a common word

  /** Origins. */
  public enum Origin {
    WORD("a common word", 1),
    SPEECH("made of common words only", 1),
    PHRASE("a sequence of common words", 0.5), // most of which nobody says
    DEVICE("a wake word of other devices", 1),
    MODEL("a word of one of your models", 0.5); // matters only if both listen

    final String what;
    final double share; // of the points

    Origin(String what, double share) {
      this.what = what;
      this.share = share;
    }

    /** A short description. */
    public String what() {
      return what;
    }
  }

  /**
   * Creates a confusable from a distance.
   *
   * @param other its pronunciation
   * @param distance by {@link Pronunciation#distances}
   * @param sounds number of sounds of the wake word
   */
  static Confusable of(Origin origin, Pronunciation other, double distance, int sounds) {
    int longest = Math.max(sounds, other.phones().size());
    return new Confusable(origin, other.text(), Math.max(0, 1 - distance / longest));
  }

  /** The points that it costs the wake word. */
  int points() {
    double over = Math.max(0, (likeness - LIKE) / (1 - LIKE));
    return (int) Math.round(MOST_POINTS * origin.share * over);
  }
}
