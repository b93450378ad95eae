// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

/**
 * Holds the near miss of one word until it is certain that no event follows: a word's score often
 * climbs in steps. Within a refractory period, only the highest one counts. Not thread-safe.
 */
public final class NearMisses {
  private static final float NEAR = 0.5f; // of the threshold

  private final float threshold;
  private final long wait; // samples
  private TriggerEvent held; // or null
  private long quiet; // sample before which nothing is near, because of an event or a near miss

  /** Starts without a near miss. */
  public NearMisses(TriggerPolicy policy, int sampleRate) {
    threshold = policy.threshold();
    wait = Math.round((double) policy.refractory() * sampleRate);
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

  /** An event was raised: what is held belongs to the same word. */
  public void forget(long at) {
    held = null;
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
    }
    return miss;
  }

  /** Forgets the stream so far. */
  public void reset() {
    held = null;
    quiet = 0;
  }
}
