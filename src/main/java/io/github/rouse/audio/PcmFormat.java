package io.github.rouse.audio;

/**
 * How interleaved samples lie in bytes.
 *
 * @param sample of one channel, or null where none of ours fits
 * @param bigEndian whether the most significant byte comes first
 * @param sampleRate frames per second
 * @param channels samples per frame
 */
public record PcmFormat(SampleFormat sample, boolean bigEndian, int sampleRate, int channels) {
  /** Bytes of a frame. */
  int frameBytes() {
    return sample.bytes * channels;
  }
}
