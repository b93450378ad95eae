// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Untrained models for tests. */
public final class TestModels {
  private TestModels() {}

  /** Detects any loud sound below 4 kHz as its word: a threshold on the mean log-mel energy. */
  public static WakeModel loudness(String word) {
    return loudness(List.of(word), 2);
  }

  /** The same for several words; the lower a word's bias, the louder a sound must be. */
  public static WakeModel loudness(List<String> words, float... biases) {
    FeatureSpec spec =
        new FeatureSpec(
            16_000,
            400,
            160,
            new Spectrum.LogMel(new io.github.rouse.feature.Mel(MelScale.HTK, 8, 100, 4000), 1e-6));
    float[][] weights = new float[8][words.size()];
    for (float[] row : weights) {
      Arrays.fill(row, 1f / 8);
    }
    Network network =
        new Network(
            List.of(
                new Dense(weights, biases),
                new Activation(Activation.Function.SIGMOID, words.size())));
    return new WakeModel(
        words.get(0), words, spec, TriggerPolicy.DEFAULT, network, Provenance.of("a test"));
  }

  /** Convolution, ReLU and two GRUs with fixed random weights, to exercise the whole pipeline. */
  public static WakeModel random(String word, FeatureSpec spec, long seed) {
    Random random = new Random(seed);
    int bins = spec.bins();
    // Linear power of int16 samples is about 1e4; scale it to the range of the gates.
    double scale = spec.spectrum() instanceof Spectrum.PowerDensity ? 2e-4 : 0.2;
    return model(
        word,
        spec,
        new Network(
            List.of(
                new Conv1d(matrix(random, 5 * bins, 12, scale), vector(random, 12), 5, 3, 0),
                new Activation(Activation.Function.RELU, 12),
                gru(random, Gru.Reset.AFTER, 12, 10),
                gru(random, Gru.Reset.BEFORE, 10, 8),
                new Dense(matrix(random, 8, 1, 3), vector(random, 1)),
                new Activation(Activation.Function.SIGMOID, 1))));
  }

  /** A bidirectional model, which needs whole clips. */
  public static WakeModel bidirectional() {
    Random random = new Random(5);
    Layer forward = gru(random, Gru.Reset.AFTER, 40, 4);
    Layer backward = gru(random, Gru.Reset.AFTER, 40, 4);
    return model(
        "both",
        FeatureSpec.PCEN,
        new Network(
            List.of(
                new Bidirectional(forward, backward),
                new Dense(matrix(random, 8, 1, 1), vector(random, 1)),
                new Activation(Activation.Function.SIGMOID, 1))));
  }

  /** A model of one word with the default policy. */
  public static WakeModel model(String word, FeatureSpec spec, Network network) {
    return new WakeModel(
        word, List.of(word), spec, TriggerPolicy.DEFAULT, network, Provenance.of("a test"));
  }

  private static Gru gru(Random random, Gru.Reset reset, int inputs, int units) {
    int width = reset.gates() * units;
    return new Gru(
        reset,
        matrix(random, inputs, width, 0.5),
        matrix(random, units, width, 0.5),
        vector(random, width),
        vector(random, width));
  }

  private static float[][] matrix(Random random, int rows, int columns, double scale) {
    float[][] m = new float[rows][];
    for (int i = 0; i < rows; i++) {
      m[i] = vector(random, columns);
      for (int j = 0; j < columns; j++) {
        m[i][j] *= (float) scale;
      }
    }
    return m;
  }

  private static float[] vector(Random random, int length) {
    float[] v = new float[length];
    for (int i = 0; i < length; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return v;
  }

  /** Quiet noise with 0.4 s bursts of loud noise at the given seconds. */
  public static float[] bursts(int sampleRate, double seconds, double... at) {
    Random random = new Random(7);
    float[] samples = new float[(int) (seconds * sampleRate)];
    for (int i = 0; i < samples.length; i++) {
      double t = (double) i / sampleRate;
      boolean loud = Arrays.stream(at).anyMatch(start -> t >= start && t < start + 0.4);
      double value = (loud ? 0.1 : 1e-4) * random.nextGaussian();
      samples[i] = (float) (Math.rint(value * 32768) / 32768);
    }
    return samples;
  }
}
