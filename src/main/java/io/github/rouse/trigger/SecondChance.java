// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

/**
 * Lowers a word's threshold for a few seconds after a near miss, because a person who was not heard
 * says the word again. It begins when the refractory period after the near miss is over, so that
 * one utterance never counts as both.
 *
 * <pre>{@code
 * WakeModel patient = model.withSecondChance(new SecondChance(4, 0.7f));
 * }</pre>
 *
 * @param seconds for which the threshold is lower; 0 for no second chance
 * @param share of the threshold that is enough meanwhile, 0.5 to 1; lower scores are no near misses
 */
public record SecondChance(float seconds, float share) {
  /** No second chance. */
  public static final SecondChance NONE = new SecondChance(0, 1);

  /** Four seconds at seven tenths of the threshold. */
  public static final SecondChance DEFAULT = new SecondChance(4, 0.7f);

  /** Checks the values. */
  public SecondChance {
    if (!(seconds >= 0 && seconds <= 60)) {
      throw new IllegalArgumentException("seconds=" + seconds + ", expected 0 to 60");
    }
    if (!(share >= NearMisses.NEAR && share <= 1)) {
      throw new IllegalArgumentException(
          "share=" + share + ", expected " + NearMisses.NEAR + " to 1");
    }
  }

  /** The same share for so many seconds. */
  public SecondChance withSeconds(float other) {
    return new SecondChance(other, share);
  }
}
