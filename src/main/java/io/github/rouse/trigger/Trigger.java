package io.github.rouse.trigger;

import java.util.Arrays;

/**
 * Watches the posteriors of one word and decides. Confined to one thread.
 *
 * <p>When the smoothed posterior reaches the threshold for {@code patience} steps, a candidate
 * opens; the decision falls when it has stopped climbing, or is sure, for {@value #SETTLE_MILLIS}
 * ms or has dropped again, so that the score is the peak, the most that it reached for as many
 * steps, and not the first value above the threshold. A sweep over the scores of one run at a low
 * threshold then tells what a higher threshold would have done.
 *
 * <p>After an event the word is masked until the refractory period is over and the posterior has
 * fallen below half the event's score or, where that is higher, the threshold. A weak event (score
 * under one half) gives way to one half as strong again, so that a murmur does not hide the word
 * after it.
 */
public final class Trigger {
  static final int SETTLE_MILLIS = 100;
  static final int LONGEST_CLIMB_MILLIS = 500;
  private static final float WEAK = 0.5f;
  private static final float SURE = 0.95f; // what is left to climb says nothing more

  private final TriggerPolicy policy;
  private final long settle; // samples
  private final long longestClimb; // samples
  private final long refractory; // samples
  private final float[] recent; // [smoothing], a ring
  private int next;
  private final float[] lately; // [patience], smoothed, a ring
  private int latest;

  private boolean candidate;
  private long openedAt; // sample
  private long climbedAt; // sample of the last clear climb
  private float climb; // its value
  private float peak;

  private boolean masked;
  private boolean fallen;
  private long decidedAt; // sample
  private float score;

  /**
   * A trigger with nothing heard yet.
   *
   * @param sampleRate samples per second of the positions it will be given
   */
  public Trigger(TriggerPolicy policy, int sampleRate) {
    this.policy = policy;
    recent = new float[policy.smoothing()];
    lately = new float[policy.patience()];
    settle = (long) sampleRate * SETTLE_MILLIS / 1000;
    longestClimb = (long) sampleRate * LONGEST_CLIMB_MILLIS / 1000;
    refractory = Math.round((double) policy.refractory() * sampleRate);
  }

  /**
   * Takes one posterior; true if the decision fell that the word was spoken.
   *
   * @param posterior 0 to 1
   * @param at the sample at which it became known
   */
  public boolean step(float posterior, long at) {
    float smooth = smooth(posterior);
    float held = held(smooth);
    if (!candidate) {
      if (held < bar(smooth, at)) {
        return false;
      }
      candidate = true;
      openedAt = at;
      climbedAt = at;
      climb = smooth;
      peak = held;
    }
    peak = Math.max(peak, held);
    // A clear climb: a tenth up, or a fifth of the way to certainty.
    if (climb < SURE && (smooth > 1.1f * climb || 1 - smooth < 0.8f * (1 - climb))) {
      climb = smooth;
      climbedAt = at;
    }
    boolean over = smooth < peak / 2;
    if (!over && at - openedAt < longestClimb && at - climbedAt < settle) {
      return false;
    }
    decide(at, over);
    return true;
  }

  /** Ends the stream; true if a candidate was waiting for its peak and so is decided now. */
  public boolean finish(long at) {
    if (candidate) {
      decide(at, false);
      return true;
    }
    return false;
  }

  /** What the smoothed posterior of the last decision reached for as long as it takes, 0 to 1. */
  public float score() {
    return score;
  }

  /** The sample at which the posterior of the last decision had finished climbing. */
  public long climbedAt() {
    return climbedAt;
  }

  /** Forgets the stream so far. */
  public void reset() {
    Arrays.fill(recent, 0f);
    Arrays.fill(lately, 0f);
    candidate = false;
    masked = false;
  }

  private void decide(long at, boolean over) {
    candidate = false;
    masked = true;
    fallen = over;
    decidedAt = at;
    score = peak;
  }

  private float bar(float smooth, long at) {
    if (masked) {
      fallen |= smooth < Math.max(policy.threshold(), score / 2);
      masked = !fallen || at - decidedAt < refractory;
    }
    if (!masked) {
      return policy.threshold();
    }
    return score < WEAK ? Math.max(1.5f * score, policy.threshold()) : Float.POSITIVE_INFINITY;
  }

  /** The lowest of as many smoothed posteriors as patience asks for. */
  private float held(float smooth) {
    lately[latest] = smooth;
    latest = latest + 1 == lately.length ? 0 : latest + 1;
    float lowest = smooth;
    for (float value : lately) {
      lowest = Math.min(lowest, value);
    }
    return lowest;
  }

  private float smooth(float posterior) {
    recent[next] = posterior;
    next = next + 1 == recent.length ? 0 : next + 1;
    float sum = 0;
    for (int i = 0; i < recent.length; i++) { // oldest first, so the sum has one order
      sum += recent[(next + i) % recent.length];
    }
    return sum / recent.length;
  }
}
