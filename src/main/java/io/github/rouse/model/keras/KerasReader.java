// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.keras;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.JsonFields;
import io.github.rouse.library.Library;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
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
import io.jhdf.api.Attribute;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads a Keras model as a network: the weights from HDF5 ({@code .h5}, or inside a {@code .keras}
 * archive), the architecture from there or from JSON.
 */
public final class KerasReader {
  private static final int MOST_UNITS = 1 << 16;
  private static final String SUPPORTED =
      "Activation, BatchNormalization, Bidirectional, Conv1D, Dense, Dropout, GRU, InputLayer,"
          + " LSTM, ReLU, SimpleRNN, TimeDistributed";

  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  private final Path path; // of the weights
  private final List<KerasLayer> chain;
  private final String version; // of Keras, may be empty
  private final boolean isNumbered; // the weights have numbers, not names
  private final Map<String, Integer> numbers = new HashMap<>(); // layers so far, by group
  private final List<Layer> layers = new ArrayList<>();
  private int width; // values per step

  /**
   * Reads an architecture.
   *
   * @param version used if the architecture names none
   * @param from the architecture's file
   */
  private KerasReader(Path path, String json, String version, boolean isNumbered, Path from)
      throws ModelFormatException {
    this.path = path;
    this.isNumbered = isNumbered;
    try {
      JsonObject model = object(json);
      this.version = KerasLayer.text(model, "keras_version", version);
      chain = KerasLayer.chain(model);
      width = bins(model);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(from, "", e.getMessage(), e);
    }
  }

  /** Whether a file starts like HDF5 or like a zip archive, which {@code .keras} files are. */
  public static boolean mayRead(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return Arrays.equals(start, HDF5) || Arrays.equals(start, ZIP);
    }
  }

  /**
   * Reads a model that holds its architecture.
   *
   * @param file from {@code save}: {@code .keras}, or HDF5
   * @throws ModelFormatException if the file is invalid or a layer is not supported
   * @throws IllegalStateException if jHDF is missing
   */
  public static ImportedNetwork read(Path file) throws IOException {
    Library.JHDF.require();
    try (InputStream in = Files.newInputStream(file)) {
      if (Arrays.equals(in.readNBytes(4), ZIP)) {
        return readArchive(file);
      }
    }
    try (HdfFile weights = open(file)) {
      String config = attribute(weights, "model_config", file);
      if (config.isEmpty()) {
        throw new ModelFormatException(
            file, "", "holds weights without their architecture: give --architecture JSON");
      }
      String version = attribute(weights, "keras_version", file);
      return new KerasReader(file, config, version, false, file).read(weights);
    }
  }

  /** The text of an attribute, or "". */
  private static String attribute(HdfFile file, String name, Path path)
      throws ModelFormatException {
    try {
      Attribute attribute = file.getAttribute(name);
      return attribute == null ? "" : String.valueOf(attribute.getData());
    } catch (RuntimeException e) { // jHDF throws many kinds on a damaged file
      throw new ModelFormatException(path, "", "not a readable HDF5 file", e);
    }
  }

  private static ImportedNetwork readArchive(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      String config = new String(entry(archive, "config.json", file), UTF_8);
      byte[] metadata = entry(archive, "metadata.json", file);
      String version = KerasLayer.text(object(new String(metadata, UTF_8)), "keras_version", "");
      try (HdfFile weights = HdfFile.fromBytes(entry(archive, "model.weights.h5", file))) {
        return new KerasReader(file, config, version, true, file).read(weights);
      }
    } catch (ZipException
        | EOFException
        | RuntimeException e) { // jHDF throws many kinds on a damaged file
      throw new ModelFormatException(file, "", "not a readable .keras file", e);
    }
  }

  private static byte[] entry(ZipFile archive, String name, Path file) throws IOException {
    ZipEntry entry = archive.getEntry(name);
    if (entry == null) {
      throw new ModelFormatException(file, "", "a zip archive without " + name);
    }
    try (InputStream in = archive.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) OnnxFile.LARGEST + 1);
      if (bytes.length > OnnxFile.LARGEST) {
        throw new ModelFormatException(
            file, name, "more than " + OnnxFile.LARGEST + " bytes, which is too large");
      }
      return bytes;
    }
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
    String json;
    try {
      json = Files.readString(architecture);
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(architecture, "", e.getMessage(), e);
    }
    KerasReader reader = new KerasReader(weights, json, "", false, architecture);
    if (!Files.exists(weights)) {
      throw new NoSuchFileException(weights.toString());
    }
    try (HdfFile file = open(weights)) {
      return reader.read(file);
    }
  }

  /** Maps a file: otherwise jHDF allocates as many bytes as a damaged header claims. */
  private static HdfFile open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return HdfFile.fromByteBuffer(channel.map(MapMode.READ_ONLY, 0, channel.size()));
    } catch (RuntimeException e) { // jHDF throws many kinds on a damaged file
      throw new ModelFormatException(file, "", "not a readable HDF5 file", e);
    }
  }

  private static JsonObject object(String json) {
    JsonElement parsed = JsonFields.parse(json);
    if (!parsed.isJsonObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return parsed.getAsJsonObject();
  }

  private ImportedNetwork read(HdfFile file) throws ModelFormatException {
    for (KerasLayer layer : chain) {
      try {
        addLayer(layer, weights(file, layer));
      } catch (IllegalArgumentException e) {
        throw new ModelFormatException(path, layer.place(), e.getMessage(), e);
      } catch (RuntimeException e) { // jHDF throws many kinds on a damaged file
        throw new ModelFormatException(path, "", "not a readable HDF5 file", e);
      }
    }
    try {
      String by = version.isEmpty() ? "Keras" : "Keras " + version;
      return new ImportedNetwork(
          new Network(layers), "imported from " + path.getFileName() + " (" + by + ")");
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  private KerasWeights weights(HdfFile file, KerasLayer layer) {
    if (!isNumbered) {
      return KerasWeights.of(file, layer.name());
    }
    String group = layer.kind().replaceAll("(.)([A-Z][a-z]+)", "$1_$2"); // as Keras makes it
    group = group.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    int number = numbers.merge(group, 1, Integer::sum) - 1;
    return KerasWeights.numbered(file, number == 0 ? group : group + "_" + number, order(layer));
  }

  /** The names of a layer's variables in the order of their creation. */
  private static List<String> order(KerasLayer layer) {
    return switch (layer.kind()) {
      case "BatchNormalization" -> {
        List<String> order = new ArrayList<>();
        if (layer.flag("scale", true)) {
          order.add("gamma");
        }
        if (layer.flag("center", true)) {
          order.add("beta");
        }
        order.addAll(List.of("moving_mean", "moving_variance"));
        yield order;
      }
      case "Conv1D", "Dense", "TimeDistributed" -> List.of("kernel", "bias");
      default -> List.of("kernel", "recurrent_kernel", "bias");
    };
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
