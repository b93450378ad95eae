// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/**
 * Layout of interleaved samples in bytes.
 *
 * @param sample format of one sample, or null if it is not supported
 * @param bigEndian whether the most significant byte comes first
 * @param sampleRate frames per second
 * @param channels samples per frame
 */
public record PcmFormat(SampleFormat sample, boolean bigEndian, int sampleRate, int channels) {
  /** Bytes of a frame. */
  public int frameBytes() {
    return sample.bytes * channels;
  }
}
