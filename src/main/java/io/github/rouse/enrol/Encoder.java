// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers below a head: a speech encoder's, then a bank's projection of its vectors to fewer
 * values.
 */
record Encoder(FeatureSpec features, Network network) {
  static Encoder of(SpeechEncoder speech, Dense projection) {
    List<Layer> layers = new ArrayList<>(speech.network().layers());
    layers.add(projection);
    return new Encoder(speech.features(), new Network(layers));
  }

  /** Values per step. */
  int units() {
    return network.outputs();
  }

  /** Samples from one step to the next. */
  int stepSamples() {
    return network.stride() * features.hop();
  }

  /** The steps of a recording, [steps][units]. */
  float[][] embed(float[] samples) {
    return network.forward(frames(features, samples));
  }

  static float[][] frames(FeatureSpec features, float[] samples) {
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(features)
        .accept(samples, 0, samples.length, (values, level) -> frames.add(values.clone()));
    return frames.toArray(float[][]::new);
  }

  /** The number of steps that have read no sample after this one. */
  int stepsUntil(int sample) {
    int first = (network.firstStepFrames() - 1) * features.hop() + features.frameLength();
    return sample < first ? 0 : (sample - first) / stepSamples() + 1;
  }

  /** The layers above this encoder in a model that was enrolled on it. */
  Network above(WakeModel model) {
    List<Layer> layers = model.network().layers();
    int own = network.layers().size();
    if (layers.size() <= own
        || !WeightHash.of(new Network(layers.subList(0, own))).equals(WeightHash.of(network))) {
      throw new IllegalArgumentException(model.name() + ": was enrolled with another bank");
    }
    return new Network(layers.subList(own, layers.size()));
  }
}
