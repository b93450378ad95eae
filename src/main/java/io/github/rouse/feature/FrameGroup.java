// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

/** Holds the frames of openWakeWord's features until the loudest of their group is known. */
final class FrameGroup {
  private final float[][] frames; // [GROUP][bands], decibels
  private final float[] levels = new float[Spectrum.OpenWakeWord.GROUP];
  private int size = Spectrum.OpenWakeWord.FIRST; // of this group
  private int filled;

  FrameGroup(int bands) {
    frames = new float[Spectrum.OpenWakeWord.GROUP][bands];
  }

  /** Takes a frame of decibels; passes on the features of the whole group if it is the last. */
  void add(float[] decibels, float level, Spectrogram.FrameSink sink) {
    System.arraycopy(decibels, 0, frames[filled], 0, decibels.length);
    levels[filled++] = level;
    if (filled < size) {
      return;
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      for (float value : frames[i]) {
        largest = Math.max(largest, value);
      }
    }
    float least = largest - (float) Spectrum.OpenWakeWord.RANGE;
    for (int i = 0; i < size; i++) {
      for (int b = 0; b < decibels.length; b++) {
        frames[i][b] = Math.max(frames[i][b], least) / 10 + 2;
      }
      sink.accept(frames[i], levels[i]);
    }
    reset();
    size = Spectrum.OpenWakeWord.GROUP;
  }

  /** Starts a stream. */
  void reset() {
    filled = 0;
    size = Spectrum.OpenWakeWord.FIRST;
  }
}
