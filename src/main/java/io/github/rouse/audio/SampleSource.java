// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/** A live source of samples, such as a microphone: mono, or frames of all channels. */
public interface SampleSource {
  /** Samples per second. */
  int sampleRate();

  /**
   * Waits for the next samples.
   *
   * @param most samples to read; whole frames
   * @return samples read, at least 1, or -1 at the end
   */
  int read(float[] mono, int most);
}
