// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Builds small networks layer by layer, with random weights determined by the seed. */
public final class TinyNetworks {
  private final Random random;
  private final List<Layer> layers = new ArrayList<>();
  private int width;

  private TinyNetworks(long seed, int inputs) {
    random = new Random(seed);
    width = inputs;
  }

  /** Starts a network that reads {@code inputs} values per frame. */
  public static TinyNetworks reading(int inputs) {
    return new TinyNetworks(20_260_101, inputs);
  }

  /** Every kind of layer, alone and in combinations typical of wake-word networks. */
  public static Map<String, Network> all() {
    Map<String, Network> all = new LinkedHashMap<>();
    for (int stride = 1; stride <= 3; stride++) {
      all.put("conv stride " + stride, reading(7).conv(5, 4, stride, 0).network());
      all.put("causal conv stride " + stride, reading(7).conv(5, 4, stride, 3).network());
    }
    all.put("conv of kernel 1", reading(7).conv(5, 1, 1, 0).network());
    all.put("two convs", reading(7).conv(6, 4, 2, 0).relu().conv(5, 3, 3, 0).gru(4).network());
    all.put("batch norm", reading(7).norm().network());
    all.put("activations", reading(7).relu().sigmoid().tanh().network());
    all.put("dense", reading(7).dense(3).dense(2).network());
    for (Gru.Reset reset : Gru.Reset.values()) {
      all.put("gru " + reset, reading(7).gru(reset, 5).network());
    }
    all.put("lstm", reading(7).lstm(5, false).network());
    all.put("lstm with peepholes", reading(7).lstm(5, true).network());
    all.put("rnn", reading(7).rnn(5).network());
    all.put("depth 3", reading(7).gru(6).norm().lstm(5, false).rnn(4).dense(2).network());
    all.put("classic", classic().network());
    all.put("causal", causal().network());
    all.put("leaky", reading(7).leaky(-0.4f).leaky(Float.NEGATIVE_INFINITY).network());
    all.put("layer norm", reading(7).layerNorm().dense(3).softmax().network());
    all.putAll(nativeOnly());
    return all;
  }

  /** Those of {@link #all} that ONNX Runtime cannot stream. */
  public static Map<String, Network> nativeOnly() {
    Map<String, Network> all = new LinkedHashMap<>();
    all.put("conv in two dimensions", reading(7).planes(7, 2, 3, 3).network());
    all.put("pooling", reading(7).planes(7, 4, 1, 3).pool(7, 2, 2).leaky(-0.4f).dense(2).network());
    all.put(
        "planes in a row",
        reading(7).planes(7, 3, 2, 1).pool(7, 1, 2).planes(3, 2, 3, 3).pool(3, 2, 3).network());
    all.put("bands of a conv", reading(7).conv(6, 3, 1, 0).planes(3, 4, 2, 3).gru(3).network());
    all.put("led", reading(7).led(4).conv(5, 6, 1, 0).network());
    all.put(
        "led planes",
        reading(7).led(3).planes(7, 2, 3, 1).pool(7, 2, 2).led(2).conv(3, 4, 1, 0).network());
    all.put(
        "cascade",
        reading(7)
            .dense(4)
            .cascade(
                n -> n.conv(5, 3, 1, 0).layerNorm().relu().dense(1).sigmoid(),
                n -> n.conv(3, 3, 1, 0).dense(1).sigmoid())
            .network());
    all.put("cascade alone", reading(7).cascade(n -> n.dense(1), n -> n.dense(1)).network());
    return all;
  }

  /** Likewise, for layers that need the whole clip. */
  public static Map<String, Network> bidirectional() {
    Map<String, Network> all = new LinkedHashMap<>();
    for (Gru.Reset reset : Gru.Reset.values()) {
      all.put("gru " + reset, reading(7).both(n -> n.gru(reset, 5)).dense(1).network());
    }
    all.put("lstm", reading(7).both(n -> n.lstm(5, false)).network());
    all.put("lstm with peepholes", reading(7).both(n -> n.lstm(5, true)).relu().network());
    all.put("rnn", reading(7).both(n -> n.rnn(5)).norm().network());
    all.put("attention", reading(7).conv(6, 3, 2, 0).attention(4).network());
    all.put("attention alone", reading(7).attention(4).attention(3).network());
    all.put("attention over gru", reading(7).both(n -> n.gru(5)).attention(4).dense(1).network());
    all.put("first of two", classicHead().both(n -> n.gru(4)).gru(4).dense(1).network());
    return all;
  }

  /** A small version of the classic trigger-word network. */
  public static TinyNetworks classic() {
    return classicHead().gru(6).norm().gru(6).norm().dense(1).sigmoid();
  }

  private static TinyNetworks classicHead() {
    return reading(7).conv(8, 5, 4, 0).norm().relu();
  }

  private static TinyNetworks causal() {
    return reading(7).conv(8, 5, 2, 4).norm().relu().gru(6).dense(2).sigmoid();
  }

  /** Adds a convolution. */
  public TinyNetworks conv(int outputs, int kernel, int stride, int padding) {
    float[][] weights = matrix(kernel * width, outputs);
    return add(new Conv1d(weights, vector(outputs, 0.5), kernel, stride, padding));
  }

  /** Adds batch normalisation. */
  public TinyNetworks norm() {
    float[] variance = vector(width, 1);
    for (int i = 0; i < width; i++) {
      variance[i] = variance[i] * variance[i] + 0.1f;
    }
    return add(
        new BatchNorm(vector(width, 1), vector(width, 0.3), vector(width, 0.3), variance, 1e-3f));
  }

  /** Adds a rectifier. */
  public TinyNetworks relu() {
    return add(new Activation(Activation.Function.RELU, width));
  }

  /** Adds sigmoids. */
  public TinyNetworks sigmoid() {
    return add(new Activation(Activation.Function.SIGMOID, width));
  }

  /** Adds hyperbolic tangents. */
  public TinyNetworks tanh() {
    return add(new Activation(Activation.Function.TANH, width));
  }

  /** Adds leaky rectifiers. */
  public TinyNetworks leaky(float floor) {
    return add(new Activation.Leaky(0.2f, floor, width));
  }

  /** Adds a softmax. */
  public TinyNetworks softmax() {
    return add(new Softmax(width));
  }

  /** Adds layer normalisation. */
  public TinyNetworks layerNorm() {
    return add(new LayerNorm(vector(width, 1), vector(width, 0.3), 1e-5f));
  }

  /** Adds a convolution over time and bands. */
  public TinyNetworks planes(int bands, int channels, int kernel, int reach) {
    float[][] weights = matrix(kernel * reach * (width / bands), channels);
    return add(new Planes.Conv2d(weights, vector(channels, 0.5), bands, kernel, reach));
  }

  /** Adds pooling over time and bands. */
  public TinyNetworks pool(int bands, int kernel, int reach) {
    return add(new Planes.MaxPool(bands, width / bands, kernel, reach));
  }

  /** Adds steps that precede a stream. */
  public TinyNetworks led(int steps) {
    return add(new Conv1d.Lead(matrix(steps, width)));
  }

  /** Adds two networks, the second of which may replace the output of the first. */
  public TinyNetworks cascade(Consumer<TinyNetworks> first, Consumer<TinyNetworks> second) {
    TinyNetworks one = new TinyNetworks(1, width);
    first.accept(one);
    TinyNetworks other = new TinyNetworks(2, width);
    second.accept(other);
    return add(new Cascade(one.network(), other.network(), 0.5f));
  }

  /** Adds a fully connected layer. */
  public TinyNetworks dense(int outputs) {
    return add(new Dense(matrix(width, outputs), vector(outputs, 0.5)));
  }

  /** Adds a GRU in Keras's form (reset after). */
  public TinyNetworks gru(int units) {
    return gru(Gru.Reset.AFTER, units);
  }

  /** Adds a GRU. */
  public TinyNetworks gru(Gru.Reset reset, int units) {
    int all = reset.gates() * units;
    return add(
        new Gru(reset, matrix(width, all), matrix(units, all), vector(all, 0.5), vector(all, 0.5)));
  }

  /** Adds an LSTM. */
  public TinyNetworks lstm(int units, boolean peepholes) {
    int all = 4 * units;
    return add(
        new Lstm(
            matrix(width, all),
            matrix(units, all),
            vector(all, 0.5),
            vector(all, 0.5),
            vector(peepholes ? 3 * units : 0, 0.7)));
  }

  /** Adds a simple recurrent layer. */
  public TinyNetworks rnn(int units) {
    return add(
        new SimpleRnn(
            matrix(width, units), matrix(units, units), vector(units, 0.5), vector(units, 0.5)));
  }

  /** Adds attention pooling. */
  public TinyNetworks attention(int units) {
    return add(new AttentionPooling(matrix(width, units), vector(units, 0.5), vector(units, 1)));
  }

  /** Adds the layer that {@code half} adds, in both directions with different weights. */
  public TinyNetworks both(Consumer<TinyNetworks> half) {
    int inputs = width;
    half.accept(this);
    width = inputs;
    half.accept(this);
    Layer backward = layers.remove(layers.size() - 1);
    Layer forward = layers.remove(layers.size() - 1);
    return add(new Bidirectional(forward, backward));
  }

  private TinyNetworks add(Layer layer) {
    layers.add(layer);
    width = layer.outputs();
    return this;
  }

  /** Returns the network. */
  public Network network() {
    return new Network(layers);
  }

  /** Random frames for a network, [frames][inputs]. */
  public static float[][] frames(int count, int inputs) {
    TinyNetworks source = reading(inputs);
    float[][] frames = new float[count][];
    for (int t = 0; t < count; t++) {
      frames[t] = source.vector(inputs, 1);
    }
    return frames;
  }

  /** Random rows, scaled so that products stay near one. */
  private float[][] matrix(int rows, int columns) {
    float[][] matrix = new float[rows][];
    for (int r = 0; r < rows; r++) {
      matrix[r] = vector(columns, 1.5 / Math.sqrt(rows));
    }
    return matrix;
  }

  private float[] vector(int length, double size) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (random.nextGaussian() * size);
    }
    return vector;
  }

  /** The largest absolute difference; infinite where the shapes differ. */
  public static double difference(float[][] a, float[][] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int t = 0; t < a.length; t++) {
      for (int o = 0; o < Math.max(a[t].length, b[t].length); o++) {
        double difference = Math.abs((double) a[t][o] - b[t][o]);
        largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
      }
    }
    return largest;
  }

  /** Runs frames one by one through a stream, [steps][outputs]. */
  public static float[][] streamed(PosteriorStreams stream, float[][] frames) {
    List<float[]> out = new ArrayList<>();
    for (float[] frame : frames) {
      StepBatch steps = stream.run(StepBatch.of(new float[][] {frame}));
      if (steps.count() > 0) {
        out.add(steps.values(0).clone());
      }
    }
    return out.toArray(float[][]::new);
  }
}
