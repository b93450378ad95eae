// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.JsonFields;
import io.github.rouse.library.Library;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.SimpleRnn;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a Keras model as a network: the architecture from JSON, the weights from HDF5. */
public final class KerasReader {
  private static final int MOST_UNITS = 1 << 16;
  private static final String SUPPORTED =
      "Activation, BatchNormalization, Bidirectional, Conv1D, Dense, Dropout, GRU, InputLayer,"
          + " LSTM, ReLU, SimpleRNN, TimeDistributed";

  private final List<Layer> layers = new ArrayList<>();
  private int width; // values per step

  private KerasReader(int bins) {
    width = bins;
  }

  /**
   * Reads a model.
   *
   * @param weights HDF5, from {@code save_weights} or {@code save}
   * @param architecture JSON, from {@code to_json}
   * @throws ModelFormatException if a file is invalid or a layer is not supported
   * @throws IllegalStateException if jHDF is missing
   */
  public static ImportedNetwork read(Path weights, Path architecture) throws IOException {
    Library.JHDF.require();
    JsonObject model;
    List<KerasLayer> chain;
    int bins;
    try {
      JsonElement json = JsonFields.parse(Files.readString(architecture));
      if (!json.isJsonObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      model = json.getAsJsonObject();
      chain = KerasLayer.chain(model);
      bins = bins(model);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ModelFormatException(architecture, "", e.getMessage(), e);
    }
    if (!Files.exists(weights)) {
      throw new NoSuchFileException(weights.toString());
    }
    JsonElement version = model.get("keras_version");
    String source =
        "imported from "
            + weights.getFileName()
            + " (Keras"
            + (version == null || !version.isJsonPrimitive() ? "" : " " + version.getAsString())
            + ")";
    try (HdfFile file = new HdfFile(weights)) {
      return new ImportedNetwork(network(file, chain, bins, weights), source);
    } catch (RuntimeException e) { // jHDF throws many kinds on a damaged file
      throw new ModelFormatException(weights, "", "not a readable HDF5 file", e);
    }
  }

  private static Network network(HdfFile file, List<KerasLayer> chain, int bins, Path weights)
      throws ModelFormatException {
    KerasReader reader = new KerasReader(bins);
    for (KerasLayer layer : chain) {
      try {
        reader.addLayer(layer, KerasWeights.of(file, layer.name()));
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(weights, layer.place(), e.getMessage(), e);
      }
    }
    try {
      return new Network(reader.layers);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(weights, "", e.getMessage(), e);
    }
  }

  /** Values per frame: the last size of the first layer's input. */
  private static int bins(JsonObject model) {
    JsonElement config = model.get("config");
    JsonElement first =
        (config.isJsonObject() ? config.getAsJsonObject().get("layers") : config)
            .getAsJsonArray()
            .get(0);
    JsonObject settings = KerasLayer.of(first).config();
    for (String key : List.of("batch_input_shape", "batch_shape")) {
      JsonElement shape = settings.get(key);
      if (shape != null && shape.isJsonArray() && shape.getAsJsonArray().size() == 3) {
        int bins = JsonFields.integer("bins", shape.getAsJsonArray().get(2));
        if (bins < 1 || bins > MOST_UNITS) {
          throw new IllegalArgumentException("bins=" + bins + ", expected 1 to " + MOST_UNITS);
        }
        return bins;
      }
    }
    throw new IllegalArgumentException(
        "the first layer has no batch_input_shape of [batch, frames, bins]");
  }

  private void addLayer(KerasLayer layer, KerasWeights weights) {
    switch (layer.kind()) {
      case "Dropout" -> {}
      case "Activation" -> activation(layer);
      case "ReLU" -> {
        for (String key : List.of("max_value", "negative_slope", "threshold")) {
          layer.expect(key, layer.number(key, 0), 0.0);
        }
        add(new Activation(Activation.Function.RELU, width));
      }
      case "Conv1D" -> conv(layer, weights);
      case "BatchNormalization" -> norm(layer, weights);
      case "TimeDistributed" -> {
        KerasLayer inner = layer.inner();
        inner.expect("layer", inner.kind(), "Dense");
        dense(inner, weights);
      }
      case "Dense" -> dense(layer, weights);
      case "Bidirectional" -> {
        layer.expect("merge_mode", layer.text("merge_mode", "concat"), "concat");
        KerasLayer inner = layer.inner();
        add(
            new Bidirectional(
                recurrent(inner, weights.half("forward_")),
                recurrent(inner, weights.half("backward_"))));
      }
      default -> add(recurrent(layer, weights));
    }
  }

  private void add(Layer layer) {
    layers.add(layer);
    width = layer.outputs();
  }

  /** Adds the layer's {@code activation}; linear adds nothing. */
  private void activation(KerasLayer layer) {
    String name = layer.text("activation", "linear");
    layer.expect("activation", name, "linear", "relu", "sigmoid", "tanh");
    switch (name) {
      case "relu" -> add(new Activation(Activation.Function.RELU, width));
      case "sigmoid" -> add(new Activation(Activation.Function.SIGMOID, width));
      case "tanh" -> add(new Activation(Activation.Function.TANH, width));
      default -> {}
    }
  }

  private void conv(KerasLayer layer, KerasWeights weights) {
    String padding = layer.text("padding", "valid");
    layer.expect("padding", padding, "valid", "causal");
    layer.expect("data_format", layer.text("data_format", "channels_last"), "channels_last");
    layer.expect("dilation_rate", layer.number("dilation_rate", 1), 1.0);
    layer.expect("groups", layer.number("groups", 1), 1.0);
    int filters = layer.integer("filters", 0, MOST_UNITS);
    int kernel = layer.integer("kernel_size", 0, Integer.MAX_VALUE);
    int stride = layer.integer("strides", 1, Integer.MAX_VALUE);
    int padded = padding.equals("causal") ? kernel - 1 : 0;
    float[][] taps = weights.get("kernel", kernel, width, filters).rows(filters);
    add(new Conv1d(taps, bias(layer, weights, filters), kernel, stride, padded));
    activation(layer);
  }

  private void norm(KerasLayer layer, KerasWeights weights) {
    double axis = layer.number("axis", -1);
    layer.expect("axis", axis, -1.0, 2.0);
    float[] ones = new float[width];
    Arrays.fill(ones, 1f);
    add(
        new BatchNorm(
            layer.flag("scale", true) ? weights.get("gamma", width).values() : ones,
            layer.flag("center", true) ? weights.get("beta", width).values() : new float[width],
            weights.get("moving_mean", width).values(),
            weights.get("moving_variance", width).values(),
            (float) layer.number("epsilon", 1e-3)));
  }

  private void dense(KerasLayer layer, KerasWeights weights) {
    int units = layer.integer("units", 0, MOST_UNITS);
    float[][] kernel = weights.get("kernel", width, units).rows(units);
    add(new Dense(kernel, bias(layer, weights, units)));
    activation(layer);
  }

  private static float[] bias(KerasLayer layer, KerasWeights weights, int length) {
    return layer.flag("use_bias", true) ? weights.get("bias", length).values() : new float[length];
  }

  private Layer recurrent(KerasLayer layer, KerasWeights weights) {
    int gates =
        switch (layer.kind()) {
          case "GRU" -> 3;
          case "LSTM" -> 4;
          case "SimpleRNN" -> 1;
          default ->
              throw new IllegalArgumentException("not supported by Rouse; supported: " + SUPPORTED);
        };
    layer.expect("activation", layer.text("activation", "tanh"), "tanh");
    String gate = layer.text("recurrent_activation", "sigmoid");
    layer.expect("recurrent_activation", gate, "sigmoid");
    layer.expect("return_sequences", layer.flag("return_sequences", false), true);
    layer.expect("go_backwards", layer.flag("go_backwards", false), false);
    layer.expect("time_major", layer.flag("time_major", false), false);
    int units = layer.integer("units", 0, MOST_UNITS);
    int all = gates * units;
    float[][] w = weights.get("kernel", width, all).rows(all);
    float[][] r = weights.get("recurrent_kernel", units, all).rows(all);
    if (gates == 3) {
      return gru(layer, weights, w, r);
    }
    float[] b = bias(layer, weights, all);
    return gates == 1
        ? new SimpleRnn(w, r, b, new float[all])
        : new Lstm(gatesInOrder(w), gatesInOrder(r), gateInOrder(b), new float[all], new float[0]);
  }

  private static Gru gru(KerasLayer layer, KerasWeights weights, float[][] w, float[][] r) {
    int all = r[0].length;
    // Keras 2 before TensorFlow's lacks this setting and uses the paper's unit.
    boolean after = layer.flag("reset_after", false);
    Gru.Reset reset = after ? Gru.Reset.AFTER : Gru.Reset.BEFORE;
    if (after && layer.flag("use_bias", true)) {
      float[][] both = weights.get("bias", 2, all).rows(all);
      return new Gru(reset, w, r, both[0], both[1]);
    }
    return new Gru(reset, w, r, bias(layer, weights, all), new float[all]);
  }

  private static float[][] gatesInOrder(float[][] rows) {
    return Arrays.stream(rows).map(KerasReader::gateInOrder).toArray(float[][]::new);
  }

  /** Reorders an LSTM's gates from Keras's i, f, c, o to i, o, f, c. */
  private static float[] gateInOrder(float[] ifco) {
    int units = ifco.length / 4;
    float[] iofc = new float[ifco.length];
    System.arraycopy(ifco, 0, iofc, 0, units);
    System.arraycopy(ifco, 3 * units, iofc, units, units);
    System.arraycopy(ifco, units, iofc, 2 * units, 2 * units);
    return iofc;
  }
}
