// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

/**
 * When a trigger fires.
 *
 * <pre>{@code
 * TriggerPolicy patient = model.policy().withPatience(3).withRefractory(2);
 * WakeModel other = model.withPolicy(patient);
 * }</pre>
 *
 * @param threshold smoothed posterior that counts as a detection, 0 to 1
 * @param smoothing posteriors averaged, in steps, at least 1
 * @param patience consecutive steps that must reach the threshold, at least 1
 * @param refractory seconds after an event during which the word does not trigger again
 */
public record TriggerPolicy(float threshold, int smoothing, int patience, float refractory) {
  /** Threshold 0.5, averaged over two steps, at most one event per second. */
  public static final TriggerPolicy DEFAULT = new TriggerPolicy(0.5f, 2, 1, 1f);

  /** Of imported openWakeWord models: a single step at 0.5, as openWakeWord itself decides. */
  public static final TriggerPolicy OPEN_WAKE_WORD = new TriggerPolicy(0.5f, 1, 1, 1f);

  /** Checks every value and names the wrong one. */
  public TriggerPolicy {
    check("threshold", threshold, threshold >= 0 && threshold <= 1, "0 to 1");
    check("smoothing", smoothing, smoothing >= 1 && smoothing <= 1000, "1 to 1000 steps");
    check("patience", patience, patience >= 1 && patience <= 1000, "1 to 1000 steps");
    check("refractory", refractory, refractory >= 0 && refractory <= 3600, "0 to 3600 seconds");
  }

  private static void check(String name, Number value, boolean holds, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + ", expected " + range);
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
