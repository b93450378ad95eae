// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import java.time.Instant;

/**
 * A detection of a word. Positions count samples at the model's rate, which may differ from the
 * stream's. They start at the stream's first sample and include lost ones.
 *
 * <pre>{@code
 * List<TriggerEvent> events = Rouse.scan(model, path);
 * for (TriggerEvent event : events) {
 *   System.out.println(event.word() + " ends at " + event.endSeconds() + " s");
 * }
 * }</pre>
 *
 * @param model name of the model that detected it
 * @param word the word
 * @param start estimated first sample of the word
 * @param end the sample after the word's estimated last sample
 * @param at the sample at which the trigger decided
 * @param sampleRate samples per second of the positions
 * @param score what the threshold was compared with, 0 to 1: the peak of the smoothed posterior,
 *     sustained for the policy's patience, or the score of both looks if a verifier took part
 * @param looks what the score is made of; null if no verifier took part
 * @param lostSamples samples the stream had lost before the decision, at the stream's own rate
 * @param time of {@code at}, by the system's clock; null if the sound is not a microphone's
 */
public record TriggerEvent(
    String model,
    String word,
    long start,
    long end,
    long at,
    int sampleRate,
    float score,
    Looks looks,
    long lostSamples,
    Instant time) {

  /** An event of sound that is not a microphone's. */
  public TriggerEvent(
      String model,
      String word,
      long start,
      long end,
      long at,
      int sampleRate,
      float score,
      Looks looks,
      long lostSamples) {
    this(model, word, start, end, at, sampleRate, score, looks, lostSamples, null);
  }

  /**
   * The two looks of a model with a verifier.
   *
   * @param first peak of the smoothed posterior, sustained for the policy's patience, 0 to 1
   * @param second the verifier's score alone, 0 to 1
   */
  public record Looks(float first, float second) {}

  /** The same event at a time of the system's clock. */
  public TriggerEvent withTime(Instant other) {
    return new TriggerEvent(
        model, word, start, end, at, sampleRate, score, looks, lostSamples, other);
  }

  /** {@link #start} in seconds. */
  public double startSeconds() {
    return (double) start / sampleRate;
  }

  /** {@link #end} in seconds. */
  public double endSeconds() {
    return (double) end / sampleRate;
  }

  /** {@link #at} in seconds. */
  public double atSeconds() {
    return (double) at / sampleRate;
  }
}
