// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.RecurrentLayer;
import io.github.rouse.nn.StepBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a trained model up to its first recurrent one. Higher layers specialise in the
 * model's own words and barely distinguish others (docs/decisions/013-enrolment.md).
 *
 * @param features input
 * @param network ends in a recurrent layer, so every value is in [-1, 1]
 */
record Encoder(FeatureSpec features, Network network) {
  /** Receives embeddings. */
  @FunctionalInterface
  interface Sink {
    /**
     * Receives one step.
     *
     * @param embedding [units], overwritten by the next step
     * @param known samples read so far
     */
    void step(float[] embedding, long known);
  }

  /**
   * The encoder of a model.
   *
   * @throws IllegalArgumentException if it has no recurrent layer
   */
  static Encoder of(WakeModel model) {
    return allOf(model).stream()
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(model.name() + ": expected a recurrent layer"));
  }

  /** A model's layers up to each recurrent layer, shortest first. */
  static List<Encoder> allOf(WakeModel model) {
    List<Layer> layers = model.network().layers();
    List<Encoder> encoders = new ArrayList<>();
    for (int count = 1; count <= layers.size(); count++) {
      if (layers.get(count - 1) instanceof RecurrentLayer) {
        encoders.add(new Encoder(model.features(), new Network(layers.subList(0, count))));
      }
    }
    return encoders;
  }

  String sha256() {
    return WeightHash.of(network);
  }

  /** Values per step. */
  int units() {
    return network.outputs();
  }

  /** Samples from one step to the next. */
  int stepSamples() {
    return network.stride() * features.hop();
  }

  /** Seconds from one step to the next. */
  double stepSeconds() {
    return (double) stepSamples() / features.sampleRate();
  }

  /** The layers above this encoder in a model that contains it. */
  Network above(WakeModel model) {
    List<Layer> layers = model.network().layers();
    return new Network(layers.subList(network.layers().size(), layers.size()));
  }

  /** Starts a stream. */
  Stream start() {
    return new Stream();
  }

  /** The embeddings of a recording, [steps][units]. */
  float[][] embed(float[] samples) {
    List<float[]> steps = new ArrayList<>();
    start().accept(samples, (embedding, known) -> steps.add(embedding.clone()));
    return steps.toArray(float[][]::new);
  }

  /** A stream through the encoder; not thread-safe. */
  final class Stream {
    private final Spectrogram spectrogram = new Spectrogram(features);
    private final NetworkState state = network.folded().start();
    private final StepBatch one = new StepBatch();
    private long frames;

    /** Processes samples at the features' rate. */
    void accept(float[] samples, Sink sink) {
      spectrogram.accept(
          samples,
          0,
          samples.length,
          (frame, level) -> {
            long known = frames++ * features.hop() + features.frameLength();
            one.clear();
            one.add(0, frame);
            StepBatch steps = state.run(one);
            if (steps.count() > 0) {
              sink.step(steps.values(0), known);
            }
          });
    }
  }
}
