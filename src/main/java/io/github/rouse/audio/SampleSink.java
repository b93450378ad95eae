// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/**
 * Receives mono samples in [-1, 1], in time order.
 *
 * <pre>{@code
 * SampleSink level =
 *     (samples, from, length) -> {
 *       float peak = 0;
 *       for (int i = from; i < from + length; i++) {
 *         peak = Math.max(peak, Math.abs(samples[i]));
 *       }
 *       System.out.println(peak);
 *     };
 * Listener listener = Rouse.listen(model).onSamples(level).start();
 * }</pre>
 */
@FunctionalInterface
public interface SampleSink {
  /**
   * Receives the next samples. The caller owns the array and reuses it.
   *
   * @param samples holds them
   * @param from index of the first sample
   * @param length number of samples
   */
  void accept(float[] samples, int from, int length);
}
