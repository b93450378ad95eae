package io.github.rouse.enrol;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.SimpleRnn;
import io.github.rouse.nn.StepBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a trained model up to its first recurrent one: what it makes of sound before it
 * specialises in its own words. Above that, the words that it was not trained on are hardly to be
 * told apart any more (docs/decisions/013-enrolment.md).
 *
 * @param features what it reads
 * @param network up to a recurrent layer, so that every value is in [-1, 1]
 */
record Encoder(FeatureSpec features, Network network) {
  /** Takes the step that a frame completes. */
  @FunctionalInterface
  interface Sink {
    /**
     * A step came out.
     *
     * @param embedding [units], overwritten by the next step
     * @param known samples heard so far
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
            () ->
                new IllegalArgumentException(model.name() + ": layers, expected a recurrent one"));
  }

  /** A model's layers up to each of its recurrent ones, the fewest first. */
  static List<Encoder> allOf(WakeModel model) {
    List<Layer> layers = model.network().layers();
    List<Encoder> encoders = new ArrayList<>();
    for (int count = 1; count <= layers.size(); count++) {
      if (isRecurrent(layers.get(count - 1))) {
        encoders.add(new Encoder(model.features(), new Network(layers.subList(0, count))));
      }
    }
    return encoders;
  }

  private static boolean isRecurrent(Layer layer) {
    return layer instanceof Gru || layer instanceof Lstm || layer instanceof SimpleRnn;
  }

  String sha256() {
    return WakeModel.sha256(network);
  }

  /** Values per step. */
  int units() {
    return network.outputs();
  }

  /** Samples from one step to the next. */
  int stepSamples() {
    return network.stride() * features.hop();
  }

  /** From one step to the next. */
  double stepSeconds() {
    return (double) stepSamples() / features.sampleRate();
  }

  /** The layers of a model enrolled with this encoder that stand above it. */
  Network above(WakeModel model) {
    List<Layer> layers = model.network().layers();
    return new Network(layers.subList(network.layers().size(), layers.size()));
  }

  /** A fresh stream. */
  Stream start() {
    return new Stream();
  }

  /** All steps of a sound: [steps][units]. */
  float[][] embed(float[] samples) {
    List<float[]> steps = new ArrayList<>();
    start().accept(samples, (embedding, known) -> steps.add(embedding.clone()));
    return steps.toArray(float[][]::new);
  }

  /** One stream through it; confined to one thread. */
  final class Stream {
    private final Spectrogram spectrogram = new Spectrogram(features);
    private final NetworkState state = network.folded().start();
    private final StepBatch one = new StepBatch();
    private long frames;

    /** Takes samples at the features' rate. */
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
