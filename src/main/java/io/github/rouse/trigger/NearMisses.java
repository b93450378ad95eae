// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import io.github.rouse.state.Snapshot;

/**
 * Holds the near miss of one word until it is certain that no event follows: a word's score often
 * climbs in steps. Within a refractory period, only the highest one counts. Decides on second
 * chances, too. Not thread-safe.
 */
public final class NearMisses {
  static final float NEAR = 0.5f; // of the threshold
  private static final long NEVER = Long.MIN_VALUE; // sample

  private final float threshold;
  private final long wait; // samples
  private final float enough; // score, in a second chance
  private final long window; // samples from a near miss to the end of its second chance
  private TriggerEvent held; // or null
  private long quiet; // sample before which nothing is near, because of an event or a near miss
  private long chance = NEVER; // sample of the near miss that gave a second chance
  private long taken = NEVER; // sample of the last event of a second chance

  /** Starts without a near miss. */
  public NearMisses(TriggerPolicy policy, SecondChance secondChance, int sampleRate) {
    threshold = policy.threshold();
    wait = Math.round((double) policy.refractory() * sampleRate);
    enough = secondChance.share() * threshold;
    window =
        secondChance.seconds() == 0 ? 0 : wait + Math.round(secondChance.seconds() * sampleRate);
  }

  /** The policy whose events are near misses or more. */
  public static TriggerPolicy near(TriggerPolicy policy) {
    return policy.withThreshold(NEAR * policy.threshold());
  }

  /**
   * Whether a score is one of a near miss.
   *
   * @param at its sample
   */
  public boolean isNear(float score, long at) {
    return score >= NEAR * threshold && score < threshold && at >= quiet;
  }

  /** Takes a near miss, for which {@link #isNear} holds. */
  public void hold(TriggerEvent miss) {
    if (held == null || miss.score() > held.score()) {
      held = miss;
    }
  }

  /**
   * Whether the score of a near miss is enough, because the word was nearly detected shortly
   * before.
   *
   * @param at its sample
   */
  public boolean isSecondChance(float score, long at) {
    long before = held != null && at - held.at() >= wait ? held.at() : chance;
    return score >= enough && before != NEVER && at - before >= wait && at - before <= window;
  }

  /** A second chance was taken: its event is raised. */
  public void take(long at) {
    taken = at;
  }

  /** Whether a sample belongs to the word that took a second chance. */
  public boolean isTaken(long at) {
    return taken != NEVER && at - taken < wait;
  }

  /** An event was raised: what is held belongs to the same word. */
  public void forget(long at) {
    held = null;
    chance = NEVER;
    quiet = at + wait;
  }

  /** The near miss that is certain now, or null. */
  public TriggerEvent due(long at) {
    return held != null && at - held.at() >= wait ? finish() : null;
  }

  /** The near miss that is held, or null; none is held afterwards. */
  public TriggerEvent finish() {
    TriggerEvent miss = held;
    held = null;
    if (miss != null) {
      quiet = miss.at() + wait;
      chance = miss.at();
    }
    return miss;
  }

  /** Saves or restores the state. */
  public void state(Snapshot snapshot) {
    held = snapshot.flag(held != null) ? EventState.of(held, snapshot) : null;
    quiet = snapshot.number(quiet);
    chance = snapshot.number(chance);
    taken = snapshot.number(taken);
  }

  /** Forgets the stream so far. */
  public void reset() {
    held = null;
    quiet = 0;
    chance = NEVER;
    taken = NEVER;
  }
}
