// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.library.Library;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares the native engine with ONNX Runtime on the same model and sound. */
public final class EngineComparison {
  private EngineComparison() {}

  /**
   * The largest absolute difference between posteriors over a file, which is held in memory. If the
   * model has a verifier, also the largest between its scores (sigmoids of the logits), once a
   * second.
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
    if (model.verifier().isPresent()) {
      largest = Math.max(largest, largestDifference(model, model.verifier().get(), features));
    }
    return largest;
  }

  private static double largestDifference(WakeModel model, Verifier verifier, float[][] features) {
    int second = model.features().sampleRate() / model.features().hop();
    List<float[][]> windows = new ArrayList<>();
    for (int end = verifier.frames(); end <= features.length; end += second) {
      windows.add(Arrays.copyOfRange(features, end - verifier.frames(), end));
    }
    List<float[][]> theirs = OnnxRuntime.forward(model.name(), verifier.graph(), windows);
    double largest = 0;
    for (int i = 0; i < windows.size(); i++) {
      for (int word = 0; word < model.words().size(); word++) {
        double ours = sigmoid(verifier.logit(word, windows.get(i)));
        largest = Math.max(largest, Math.abs(ours - sigmoid(theirs.get(i)[0][word])));
      }
    }
    return largest;
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
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
