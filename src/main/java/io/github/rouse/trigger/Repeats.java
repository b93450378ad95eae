// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import io.github.rouse.state.Snapshot;

/**
 * Keeps a verified word from being raised twice within the policy's refractory period; after a weak
 * event (score under one half) a score 1.5 times as high still counts. Not thread-safe.
 */
public final class Repeats {
  private static final float WEAK = 0.5f;
  private static final float STRONGER = 1.5f;

  private final float threshold;
  private final long refractory; // samples
  private boolean any;
  private long last; // sample
  private float score; // of the last event

  /** Starts without an event. */
  public Repeats(TriggerPolicy policy, int sampleRate) {
    threshold = policy.threshold();
    refractory = Math.round((double) policy.refractory() * sampleRate);
  }

  /**
   * Whether a candidate is an event.
   *
   * @param candidate its score, 0 to 1
   * @param at its sample
   */
  public boolean accept(float candidate, long at) {
    if (candidate < threshold) {
      return false;
    }
    boolean fresh = !any || at - last >= refractory;
    if (!fresh && !(score < WEAK && candidate >= STRONGER * score)) {
      return false;
    }
    any = true;
    last = at;
    score = candidate;
    return true;
  }

  /** Saves or restores the state. */
  public void state(Snapshot snapshot) {
    any = snapshot.flag(any);
    last = snapshot.number(last);
    score = snapshot.number(score);
  }

  /** Forgets the last event. */
  public void reset() {
    any = false;
  }
}
