// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import java.util.Locale;

/**
 * What a version does with the clips of a word, and with other people.
 *
 * @param wrong clips marked wrong
 * @param curedBefore how many of them the model no longer takes for the word, before
 * @param cured the same of the new version
 * @param right clips marked right
 * @param foundBefore how many of them the model finds, before
 * @param found the same of the new version
 * @param people held-out utterances of other people
 * @param peopleBefore how many of them the model finds, before, at the threshold that loses most
 * @param peopleFound the same of the new version
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
        "%s: %d of %d false alarms stay away (%d before), %d of %d right ones found (%d before),"
            + " %d of %d other people's found (%d before)",
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

  /** Whether a right clip is lost, or more than a few of the people. */
  boolean isWorse() {
    return found < foundBefore || peopleBefore - peopleFound > MOST_LOST * people;
  }
}
