// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.util.Arrays;

/** Keeps all samples it receives, for sounds that fit in memory. */
public final class SampleCollector implements SampleSink {
  private float[] samples = new float[1 << 14];
  private int length; // samples

  @Override
  public void accept(float[] block, int from, int count) {
    int wanted = Math.addExact(length, count);
    if (wanted > samples.length) {
      samples = Arrays.copyOf(samples, Math.max(2 * samples.length, wanted));
    }
    System.arraycopy(block, from, samples, length, count);
    length = wanted;
  }

  /** The number of samples so far. */
  public int length() {
    return length;
  }

  /** A copy of the samples. */
  public float[] samples() {
    return Arrays.copyOf(samples, length);
  }
}
