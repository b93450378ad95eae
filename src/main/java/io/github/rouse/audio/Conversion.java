// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.util.Arrays;

/** Converts a part of a sound to the sample rate and the channels of the first part. */
final class Conversion {
  private final int from; // channels of the part
  private final Resampler[] resamplers; // [channels of the result]
  private final float[][] converted; // [channels of the result][frames], those that wait first
  private final int[] filled; // [channels of the result]
  private int taken; // frames of those
  private boolean finished;

  Conversion(PcmFormat part, int channels, int sampleRate) {
    from = part.channels();
    resamplers = new Resampler[channels];
    Arrays.setAll(resamplers, c -> new Resampler(part.sampleRate(), sampleRate));
    converted = new float[channels][0];
    filled = new int[channels];
  }

  /** Converts a block of interleaved frames; none may wait. */
  void accept(float[] interleaved, int frames) {
    clear();
    float[] mixed = new float[frames];
    for (int c = 0; c < resamplers.length; c++) {
      mix(interleaved, frames, c, mixed);
      int channel = c;
      resamplers[c].accept(mixed, 0, frames, (samples, at, n) -> add(channel, samples, at, n));
    }
  }

  /** Ends the part; false if nothing was left to deliver. */
  boolean finish() {
    if (finished) {
      return false;
    }
    finished = true;
    clear();
    for (int c = 0; c < resamplers.length; c++) {
      int channel = c;
      resamplers[c].finish((samples, at, n) -> add(channel, samples, at, n));
    }
    return waiting() > 0;
  }

  /** Delivers frames that wait, interleaved; returns their number. */
  int take(float[] interleaved, int most) {
    int count = Math.min(most, waiting());
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < converted.length; c++) {
        interleaved[i * converted.length + c] = converted[c][taken + i];
      }
    }
    taken += count;
    return count;
  }

  /** Frames that wait. */
  int waiting() {
    return filled[0] - taken;
  }

  /** The mean of the part's channels that fall on one of the result, or the one it repeats. */
  private void mix(float[] interleaved, int frames, int channel, float[] mixed) {
    int first = channel % from;
    int count = first < channel ? 1 : (from - first - 1) / resamplers.length + 1;
    for (int i = 0; i < frames; i++) {
      float sum = 0;
      for (int k = 0; k < count; k++) {
        sum += interleaved[i * from + first + k * resamplers.length];
      }
      mixed[i] = sum / count;
    }
  }

  private void add(int channel, float[] samples, int at, int n) {
    int end = filled[channel] + n;
    if (converted[channel].length < end) {
      converted[channel] = Arrays.copyOf(converted[channel], 2 * end);
    }
    System.arraycopy(samples, at, converted[channel], filled[channel], n);
    filled[channel] = end;
  }

  private void clear() {
    Arrays.fill(filled, 0);
    taken = 0;
  }
}
