package io.github.rouse.advice;

/**
 * What a word may be taken for.
 *
 * @param kind where it comes from
 * @param text its spelling
 * @param likeness of the two pronunciations: 1 the same, 0 nothing in common
 */
public record Confusable(Kind kind, String text, double likeness) {
  /** Below this, two words are not taken for each other; a rule of thumb. */
  static final double LIKE = 0.6;

  private static final int MOST_POINTS = 30; // lost by a word that everybody says

  /** Where words come from. */
  public enum Kind {
    WORD("a common word", 1),
    SPEECH("nothing but common words", 1),
    PHRASE("common words in a row", 0.5), // few of which anybody says
    DEVICE("the wake word of other devices", 1),
    MODEL("a word of a model that is here", 0.5); // matters where both listen

    final String what;
    final double share; // of the points

    Kind(String what, double share) {
      this.what = what;
      this.share = share;
    }

    /** In a few words. */
    public String what() {
      return what;
    }
  }

  /**
   * One at a distance.
   *
   * @param other what it is
   * @param distance by {@link Pronunciation#distances}
   * @param sounds of the word itself
   */
  static Confusable of(Kind kind, Pronunciation other, double distance, int sounds) {
    int longest = Math.max(sounds, other.phones().size());
    return new Confusable(kind, other.text(), Math.max(0, 1 - distance / longest));
  }

  /** The points it takes from a word's score. */
  int points() {
    double over = Math.max(0, (likeness - LIKE) / (1 - LIKE));
    return (int) Math.round(MOST_POINTS * kind.share * over);
  }
}
