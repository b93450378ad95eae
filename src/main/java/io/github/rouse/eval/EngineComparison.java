// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.library.Library;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Compares the native engine with ONNX Runtime on the same model and sound. */
public final class EngineComparison {
  private EngineComparison() {}

  /**
   * The largest absolute difference between posteriors over a file, which is held in memory.
   *
   * @throws IllegalStateException if ONNX Runtime is missing
   */
  public static double largestDifference(WakeModel model, AudioFile audio, Channel channel)
      throws IOException {
    Library.ONNX_RUNTIME.require();
    float[][] features = features(model, audio, channel);
    float[][] ours = model.forward(features);
    float[][] theirs = OnnxRuntime.forward(model, features);
    if (ours.length != theirs.length) {
      throw new IOException(
          audio.name() + ": " + ours.length + " steps, but ONNX Runtime gives " + theirs.length);
    }
    double largest = 0;
    for (int step = 0; step < ours.length; step++) {
      for (int word = 0; word < ours[step].length; word++) {
        double difference = Math.abs((double) ours[step][word] - theirs[step][word]);
        largest = Math.max(largest, difference); // keeps NaN
      }
    }
    return largest;
  }

  /** The feature frames of a file, [frames][bins]. */
  private static float[][] features(WakeModel model, AudioFile audio, Channel channel)
      throws IOException {
    List<float[]> frames = new ArrayList<>();
    Spectrogram spectrogram = new Spectrogram(model.features());
    Recording.play(
        audio,
        channel,
        model.features().sampleRate(),
        (samples, from, length) ->
            spectrogram.accept(samples, from, length, (frame, level) -> frames.add(frame.clone())));
    return frames.toArray(float[][]::new);
  }
}
