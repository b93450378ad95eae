// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.util.Locale;

/**
 * How the previous and the new version do on the marked clips of a word, and on other people.
 *
 * @param wrong clips marked wrong
 * @param curedBefore of these, those that the previous version rejects
 * @param cured of these, those that the new version rejects
 * @param right clips marked right
 * @param foundBefore of these, those that the previous version detects
 * @param found of these, those that the new version detects
 * @param people held-out utterances of other people
 * @param peopleBefore of these, those that the previous version detects, at the threshold where the
 *     new one loses most
 * @param peopleFound of these, those that the new version detects there
 */
public record LessonFigures(
    String word,
    int wrong,
    int curedBefore,
    int cured,
    int right,
    int foundBefore,
    int found,
    int people,
    int peopleBefore,
    int peopleFound) {
  private static final double MOST_LOST = 0.02; // of the held-out people

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %d of %d false alarms rejected (%d before), %d of %d right clips detected (%d before),"
            + " %d of %d utterances of other people detected (%d before)",
        word,
        cured,
        wrong,
        curedBefore,
        found,
        right,
        foundBefore,
        peopleFound,
        people,
        peopleBefore);
  }

  /** Whether the new version loses a right clip, or more than a few of the people. */
  boolean isWorse() {
    return found < foundBefore || peopleBefore - peopleFound > MOST_LOST * people;
  }
}
