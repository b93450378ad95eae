// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import java.util.Arrays;

/** Resamples frames of several channels, interleaved; those of one channel as they are. */
final class FrameResampler {
  private final Resampler[] resamplers; // by channel
  private float[] mono = new float[0]; // of one channel
  private float[] out = new float[0]; // interleaved
  private int filled; // samples of the channel under way, in out

  FrameResampler(int channels, int fromRate, int toRate) {
    resamplers = new Resampler[channels];
    for (int c = 0; c < channels; c++) {
      resamplers[c] = new Resampler(fromRate, toRate);
    }
  }

  /**
   * Takes the next frames and passes on those available.
   *
   * @param length samples of all channels
   */
  void accept(float[] samples, int from, int length, SampleSink sink) {
    int channels = resamplers.length;
    if (channels == 1) {
      resamplers[0].accept(samples, from, length, sink);
      return;
    }
    int frames = length / channels;
    mono = mono.length < frames ? new float[frames] : mono;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < frames; i++) {
        mono[i] = samples[from + i * channels + c];
      }
      int channel = c;
      filled = 0;
      resamplers[c].accept(mono, 0, frames, (s, at, n) -> interleave(s, at, n, channel));
    }
    if (filled > 0) { // the same for each channel
      sink.accept(out, 0, filled * channels);
    }
  }

  private void interleave(float[] samples, int from, int length, int channel) {
    int channels = resamplers.length;
    int needed = (filled + length) * channels;
    out = out.length < needed ? Arrays.copyOf(out, 2 * needed) : out;
    for (int i = 0; i < length; i++) {
      out[(filled + i) * channels + channel] = samples[from + i];
    }
    filled += length;
  }
}
