package io.github.rouse.trigger;

/**
 * How sure a trigger has to be.
 *
 * @param threshold the smoothed posterior that counts as heard, 0 to 1
 * @param smoothing steps of posteriors averaged, at least 1
 * @param patience steps in a row that have to reach the threshold, at least 1
 * @param refractory seconds after an event in which the word is not raised again
 */
public record TriggerPolicy(float threshold, int smoothing, int patience, float refractory) {
  /** Half sure, over two steps, at most once a second. */
  public static final TriggerPolicy DEFAULT = new TriggerPolicy(0.5f, 2, 1, 1f);

  /** Checks every value, naming the one that is wrong. */
  public TriggerPolicy {
    check("threshold", threshold, threshold >= 0 && threshold <= 1);
    check("smoothing", smoothing, smoothing >= 1 && smoothing <= 1000);
    check("patience", patience, patience >= 1 && patience <= 1000);
    check("refractory", refractory, refractory >= 0 && refractory <= 3600);
  }

  private static void check(String name, Number value, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + " is out of range");
    }
  }

  /** This policy with another threshold. */
  public TriggerPolicy withThreshold(float value) {
    return new TriggerPolicy(value, smoothing, patience, refractory);
  }

  /** This policy with another patience, in steps. */
  public TriggerPolicy withPatience(int value) {
    return new TriggerPolicy(threshold, smoothing, value, refractory);
  }

  /** This policy with another refractory period, in seconds. */
  public TriggerPolicy withRefractory(float value) {
    return new TriggerPolicy(threshold, smoothing, patience, value);
  }
}
