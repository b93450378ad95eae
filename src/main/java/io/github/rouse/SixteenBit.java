// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.state.Snapshot;
import java.util.Objects;

/** Converts the 16-bit samples of one stream to floats, these values divided by 32768. */
final class SixteenBit {
  private static final int BLOCK = 1024; // samples converted at a time

  private float[] block; // [BLOCK]; null until samples come
  private Byte half; // the first byte of a sample whose second is still to come, or null

  /** Converts samples; calls the sink at least once. */
  void convert(short[] samples, int from, int length, SampleSink sink) {
    Objects.checkFromIndexSize(from, length, samples.length);
    float[] to = block();
    int at = from;
    do {
      int count = Math.min(BLOCK, from + length - at);
      for (int i = 0; i < count; i++) {
        to[i] = samples[at + i] / 32768f;
      }
      sink.accept(to, 0, count);
      at += count;
    } while (at < from + length);
  }

  /** Converts little-endian bytes, which may end amid a sample; calls the sink at least once. */
  void convert(byte[] pcm, int from, int length, SampleSink sink) {
    Objects.checkFromIndexSize(from, length, pcm.length);
    float[] to = block();
    int at = from;
    do {
      int filled = 0;
      for (; filled < BLOCK && at < from + length; at++) {
        if (half == null) {
          half = pcm[at];
        } else {
          to[filled++] = (short) ((half & 0xFF) | (pcm[at] << 8)) / 32768f;
          half = null;
        }
      }
      sink.accept(to, 0, filled);
    } while (at < from + length);
  }

  private float[] block() {
    block = block == null ? new float[BLOCK] : block;
    return block;
  }

  /** Saves or restores a sample that has begun. */
  void state(Snapshot snapshot) {
    boolean begun = snapshot.flag(half != null);
    half = begun ? (byte) snapshot.number(half == null ? 0 : half) : null;
  }

  /** Forgets a sample that has begun. */
  void reset() {
    half = null;
  }
}
