// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Turns the posteriors of one word into detections. Not thread-safe.
 *
 * <p>A candidate opens when the smoothed posterior reaches the threshold for {@code patience}
 * steps. The decision comes {@value #SETTLE_MILLIS} ms after the posterior stops climbing or is
 * near certainty, or as soon as it drops again. The score is therefore the peak sustained for
 * {@code patience} steps, not the first value above the threshold, so scores from one run at a low
 * threshold show what any higher threshold would have detected.
 *
 * <p>An event masks the word until the refractory period is over and the posterior has fallen below
 * half the event's score or the threshold, whichever is higher. After a weak event (score under one
 * half), a posterior 1.5 times as strong still triggers, so that a murmur does not hide the word
 * after it.
 */
public final class Trigger {
  static final int SETTLE_MILLIS = 100;
  static final int LONGEST_CLIMB_MILLIS = 500;
  private static final float WEAK = 0.5f;
  private static final float SURE = 0.95f; // higher values carry no information

  private final TriggerPolicy policy;
  private final long settle; // samples
  private final long longestClimb; // samples
  private final long refractory; // samples
  private final float[] recent; // [smoothing], ring buffer
  private int next;
  private final float[] lastSmoothed; // [patience], ring buffer
  private int nextSmoothed;

  private boolean candidate;
  private long openedAt; // sample
  private long climbedAt; // sample of the last clear climb
  private float climbValue; // smoothed posterior there
  private float peak;

  private boolean masked;
  private boolean dropped;
  private long decidedAt; // sample
  private float score;

  /**
   * Creates a trigger for one stream.
   *
   * @param sampleRate samples per second of the positions passed to it
   */
  public Trigger(TriggerPolicy policy, int sampleRate) {
    this.policy = policy;
    recent = new float[policy.smoothing()];
    lastSmoothed = new float[policy.patience()];
    settle = (long) sampleRate * SETTLE_MILLIS / 1000;
    longestClimb = (long) sampleRate * LONGEST_CLIMB_MILLIS / 1000;
    refractory = Math.round((double) policy.refractory() * sampleRate);
  }

  /**
   * Takes one posterior; returns true if it detects the word.
   *
   * @param posterior 0 to 1
   * @param at the sample at which the posterior became available
   */
  public boolean step(float posterior, long at) {
    float smooth = smooth(posterior);
    float sustained = sustained(smooth);
    if (!candidate) {
      if (sustained < required(smooth, at)) {
        return false;
      }
      candidate = true;
      openedAt = at;
      climbedAt = at;
      climbValue = smooth;
      peak = sustained;
    }
    peak = Math.max(peak, sustained);
    // A clear climb: a tenth up, or a fifth of the way to certainty.
    if (climbValue < SURE && (smooth > 1.1f * climbValue || 1 - smooth < 0.8f * (1 - climbValue))) {
      climbValue = smooth;
      climbedAt = at;
    }
    boolean hasDropped = smooth < peak / 2;
    if (!hasDropped && at - openedAt < longestClimb && at - climbedAt < settle) {
      return false;
    }
    decide(at, hasDropped);
    return true;
  }

  /** Ends the stream; returns true if that detects a pending candidate. */
  public boolean finish(long at) {
    if (candidate) {
      decide(at, false);
      return true;
    }
    return false;
  }

  /**
   * The peak smoothed posterior of the last detection, sustained for {@code patience} steps, 0 to
   * 1.
   */
  public float score() {
    return score;
  }

  /** The sample at which the posterior of the last detection stopped climbing. */
  public long climbedAt() {
    return climbedAt;
  }

  /** Saves or restores the state. */
  public void state(Snapshot snapshot) {
    snapshot.values(recent);
    next = snapshot.number(next);
    snapshot.values(lastSmoothed);
    nextSmoothed = snapshot.number(nextSmoothed);
    candidate = snapshot.flag(candidate);
    openedAt = snapshot.number(openedAt);
    climbedAt = snapshot.number(climbedAt);
    climbValue = snapshot.number(climbValue);
    peak = snapshot.number(peak);
    masked = snapshot.flag(masked);
    dropped = snapshot.flag(dropped);
    decidedAt = snapshot.number(decidedAt);
    score = snapshot.number(score);
  }

  /** Forgets the stream so far. */
  public void reset() {
    Arrays.fill(recent, 0f);
    Arrays.fill(lastSmoothed, 0f);
    candidate = false;
    masked = false;
  }

  private void decide(long at, boolean hasDropped) {
    candidate = false;
    masked = true;
    dropped = hasDropped;
    decidedAt = at;
    score = peak;
  }

  private float required(float smooth, long at) {
    if (masked) {
      dropped |= smooth < Math.max(policy.threshold(), score / 2);
      masked = !dropped || at - decidedAt < refractory;
    }
    if (!masked) {
      return policy.threshold();
    }
    return score < WEAK ? Math.max(1.5f * score, policy.threshold()) : Float.POSITIVE_INFINITY;
  }

  /** The lowest of the last {@code patience} smoothed posteriors. */
  private float sustained(float smooth) {
    lastSmoothed[nextSmoothed] = smooth;
    nextSmoothed = nextSmoothed + 1 == lastSmoothed.length ? 0 : nextSmoothed + 1;
    float lowest = smooth;
    for (float value : lastSmoothed) {
      lowest = Math.min(lowest, value);
    }
    return lowest;
  }

  private float smooth(float posterior) {
    recent[next] = posterior;
    next = next + 1 == recent.length ? 0 : next + 1;
    float sum = 0;
    for (int i = 0; i < recent.length; i++) { // oldest first: a fixed order of summation
      sum += recent[(next + i) % recent.length];
    }
    return sum / recent.length;
  }
}
