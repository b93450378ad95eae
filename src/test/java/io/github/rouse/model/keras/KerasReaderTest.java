// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.keras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.github.rouse.nn.SimpleRnn;
import io.jhdf.HdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads generated Keras models; each dataset's weights count up from a given number. */
class KerasReaderTest {
  private static final String SEQUENCES = "\"return_sequences\":true";

  @TempDir Path dir;
  private final Map<String, Object> datasets = new LinkedHashMap<>(); // by path
  private final List<String> layers = new ArrayList<>(); // JSON

  @BeforeEach
  void input() {
    layers.add(layer("InputLayer", "in", "\"batch_input_shape\":[null,null,3]"));
  }

  @Test
  void aConvolutionKeepsTheOrderOfItsTaps() throws IOException {
    layers.add(
        layer(
            "Conv1D",
            "c",
            "\"filters\":2,\"kernel_size\":[4],\"strides\":[2],\"padding\":\"causal\","
                + "\"activation\":\"relu\""));
    datasets.put("c/c/kernel:0", new float[][][] {taps(0), taps(10), taps(20), taps(30)});
    datasets.put("c/c/bias:0", new float[] {7, 8});
    List<Layer> read = read();
    Conv1d conv = (Conv1d) read.get(0);
    assertEquals(3, conv.padding());
    assertEquals(2, conv.stride());
    assertArrayEquals(new float[] {7, 8}, conv.bias());
    assertArrayEquals(new float[] {12, 13}, conv.weights()[1 * 3 + 1]);
    assertEquals(new Activation(Activation.Function.RELU, 2), read.get(1));
  }

  private static float[][] taps(int from) {
    return new float[][] {{from, from + 1}, {from + 2, from + 3}, {from + 4, from + 5}};
  }

  @Test
  void anLstmsGatesAreReordered() throws IOException {
    layers.add(layer("LSTM", "l", "\"units\":1," + SEQUENCES));
    datasets.put(
        "l/l/lstm_cell/kernel:0", new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}});
    datasets.put("l/l/lstm_cell/recurrent_kernel:0", new float[][] {{13, 14, 15, 16}});
    datasets.put("l/l/lstm_cell/bias:0", new float[] {17, 18, 19, 20}); // i, f, c, o
    Lstm lstm = (Lstm) read().get(0);
    assertArrayEquals(new float[] {17, 20, 18, 19}, lstm.inputBias()); // i, o, f, c
    assertArrayEquals(new float[] {5, 8, 6, 7}, lstm.inputWeights()[1]);
    assertArrayEquals(new float[] {13, 16, 14, 15}, lstm.recurrentWeights()[0]);
  }

  @Test
  void aGruFollowsResetAfter() throws IOException {
    layers.add(layer("GRU", "g", "\"units\":1,\"reset_after\":true," + SEQUENCES));
    layers.add(layer("GRU", "h", "\"units\":1,\"reset_after\":false," + SEQUENCES));
    recurrent("g/g/gru_cell/", 3, 3);
    datasets.put("g/g/gru_cell/bias:0", new float[][] {{1, 2, 3}, {4, 5, 6}});
    recurrent("h/h/gru_cell/", 1, 3);
    datasets.put("h/h/gru_cell/bias:0", new float[] {7, 8, 9});
    List<Layer> read = read();
    Gru after = (Gru) read.get(0);
    assertEquals(Gru.Reset.AFTER, after.reset());
    assertArrayEquals(new float[] {1, 2, 3}, after.inputBias());
    assertArrayEquals(new float[] {4, 5, 6}, after.recurrentBias());
    Gru before = (Gru) read.get(1);
    assertEquals(Gru.Reset.BEFORE, before.reset());
    assertArrayEquals(new float[] {7, 8, 9}, before.inputBias());
    assertArrayEquals(new float[3], before.recurrentBias());
  }

  @Test
  void theHalvesOfABidirectionalLayerAreFoundByName() throws IOException {
    String inner = layer("SimpleRNN", "r", "\"units\":1," + SEQUENCES);
    layers.add(layer("Bidirectional", "b", "\"merge_mode\":\"concat\",\"layer\":" + inner));
    recurrent("b/b/forward_r/cell/", 3, 1);
    recurrent("b/b/backward_r/cell/", 3, 1);
    datasets.put("b/b/forward_r/cell/bias:0", new float[] {5});
    datasets.put("b/b/backward_r/cell/bias:0", new float[] {6});
    Bidirectional both = (Bidirectional) read().get(0);
    assertArrayEquals(new float[] {5}, ((SimpleRnn) both.forward()).inputBias());
    assertArrayEquals(new float[] {6}, ((SimpleRnn) both.backward()).inputBias());
  }

  @Test
  void theOtherLayersOfAChainAreRead() throws IOException {
    layers.add(layer("BatchNormalization", "n", "\"axis\":[2],\"epsilon\":0.5,\"scale\":false"));
    layers.add(layer("Dropout", "drop", "\"rate\":0.5"));
    layers.add(layer("ReLU", "relu", "\"max_value\":null"));
    layers.add(layer("Activation", "a", "\"activation\":\"tanh\""));
    String dense = layer("Dense", "d", "\"units\":1,\"activation\":\"sigmoid\",\"use_bias\":false");
    layers.add(layer("TimeDistributed", "t", "\"layer\":" + dense));
    datasets.put("model_weights/n/n/beta:0", new float[] {1, 2, 3});
    datasets.put("model_weights/n/n/moving_mean:0", new float[] {4, 5, 6});
    datasets.put("model_weights/n/n/moving_variance:0", new float[] {7, 8, 9});
    datasets.put("model_weights/t/t/kernel:0", new float[][] {{1}, {2}, {3}});
    List<Layer> read = read();
    BatchNorm norm = (BatchNorm) read.get(0);
    assertArrayEquals(new float[] {1, 1, 1}, norm.gamma());
    assertArrayEquals(new float[] {1, 2, 3}, norm.beta());
    assertArrayEquals(new float[] {4, 5, 6}, norm.mean());
    assertArrayEquals(new float[] {7, 8, 9}, norm.variance());
    assertEquals(0.5f, norm.epsilon());
    assertEquals(new Activation(Activation.Function.RELU, 3), read.get(1));
    assertEquals(new Activation(Activation.Function.TANH, 3), read.get(2));
    assertArrayEquals(new float[] {2}, ((Dense) read.get(3)).weights()[1]);
    assertEquals(new Activation(Activation.Function.SIGMOID, 1), read.get(4));
  }

  @Test
  void missingAndMisshapenWeightsAreNamed() {
    layers.add(layer("Dense", "d", "\"units\":2"));
    assertRejected("layer 'd' (Dense): 0 datasets d/kernel, expected 1");
    datasets.put("d/d/kernel:0", new float[][] {{1, 2}, {3, 4}});
    assertRejected("layer 'd' (Dense): /d/d/kernel:0 has shape [2, 2], expected [3, 2]");
    datasets.put("d/d/kernel:0", new float[3][2]);
    assertRejected("0 datasets d/bias, expected 1");
    datasets.put("d/d/bias:0", new double[2]);
    assertRejected("/d/d/bias:0 holds 16 bytes of double, expected float");
  }

  @Test
  void nonFiniteWeightsAreRejectedNamingTheDataset() {
    layers.add(layer("Dense", "d", "\"units\":1"));
    datasets.put("d/d/kernel:0", new float[][] {{1}, {Float.NaN}, {3}});
    datasets.put("d/d/bias:0", new float[1]);
    assertRejected("layer 'd' (Dense): /d/d/kernel:0[1]=NaN, expected a finite number");
    datasets.put("d/d/kernel:0", new float[3][1]);
    datasets.put("d/d/bias:0", new float[] {Float.NEGATIVE_INFINITY});
    assertRejected("layer 'd' (Dense): /d/d/bias:0[0]=-Infinity, expected a finite number");
  }

  @Test
  void tooLargeStridesAreRejectedNamingTheFile() {
    for (int i = 0; i < 3; i++) { // 65536 cubed is 0 in an int
      String name = "c" + i;
      layers.add(layer("Conv1D", name, "\"filters\":3,\"kernel_size\":[1],\"strides\":[65536]"));
      datasets.put(name + "/" + name + "/kernel:0", new float[1][3][3]);
      datasets.put(name + "/" + name + "/bias:0", new float[3]);
    }
    assertRejected("model.h5: stride=65536, expected at most 4096 frames");
  }

  @Test
  void anOversizedDatasetIsRejectedUnread() {
    layers.add(layer("Dense", "d", "\"units\":60000"));
    layers.set(0, layer("InputLayer", "in", "\"batch_input_shape\":[null,null,280]"));
    datasets.put("d/d/kernel:0", new float[280][60_000]);
    assertRejected(
        "/d/d/kernel:0 holds 67200000 bytes of float, expected float and at most 67108864");
  }

  @Test
  void theNumberOfBinsIsAWholeNumberInRange() {
    for (String bins : List.of("null", "1.5", "\"3\"", "0", "65537")) {
      layers.set(0, layer("InputLayer", "in", "\"batch_input_shape\":[null,null," + bins + "]"));
      assertRejected("model.json: bins=" + bins + ", expected ");
    }
  }

  @Test
  void unsupportedSettingsAreRejectedByLayer() {
    assertLayerRejected("Flatten", "", "not supported by Rouse; supported: Activation, Batch");
    assertLayerRejected("Dense", "\"units\":0", "units=0, expected 1 to 65536");
    assertLayerRejected("Dense", "\"units\":1e9", "units=1e9, expected 1 to 65536");
    assertLayerRejected(
        "Activation", "\"activation\":\"swish\"", "activation=swish, supported: [linear");
    assertLayerRejected(
        "Conv1D", "\"padding\":\"same\"", "padding=same, supported: [valid, causal]");
    assertLayerRejected("Conv1D", "\"dilation_rate\":[2]", "dilation_rate=2.0, supported: [1.0]");
    assertLayerRejected("GRU", "\"units\":1", "return_sequences=false, supported: [true]");
    assertLayerRejected(
        "GRU", "\"recurrent_activation\":\"hard_sigmoid\"", "hard_sigmoid, supported");
    assertLayerRejected(
        "LSTM", "\"activation\":\"relu\"," + SEQUENCES, "activation=relu, supported");
    assertLayerRejected("ReLU", "\"max_value\":6.0", "max_value=6.0, supported: [0.0]");
    assertLayerRejected(
        "Bidirectional", "\"merge_mode\":\"sum\"", "merge_mode=sum, supported: [concat]");
    assertLayerRejected("BatchNormalization", "\"axis\":[1]", "axis=1.0, supported: [-1.0, 2.0]");
    assertLayerRejected("TimeDistributed", "", "a layer without a config object");
  }

  private void assertLayerRejected(String kind, String config, String expected) {
    layers.add(layer(kind, "x", config));
    assertRejected("layer 'x' (" + kind + "): ");
    assertRejected(expected);
    layers.remove(1);
  }

  @Test
  void anArchitectureThatIsNotAChainIsRejected() throws IOException {
    architecture("{\"class_name\":\"Model2\",\"config\":{\"layers\":[]}}");
    assertRejectedAsWritten("class_name=Model2, expected Functional or Sequential");
    architecture("[]");
    assertRejectedAsWritten("not a JSON object");
    architecture("{");
    assertRejectedAsWritten("not JSON");
    architecture("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[]}}");
    assertRejectedAsWritten(
        "class_name=Sequential, expected Functional or Sequential with its layers");
    String in = layer("InputLayer", "in", "\"batch_input_shape\":[null,null,3]");
    String a = layer("Dropout", "a", "").replace("}}", "},\"inbound_nodes\":[[[\"in\",0,0,{}]]]}");
    String b = a.replace("\"a\"", "\"b\"");
    architecture(
        "{\"class_name\":\"Functional\",\"config\":{\"layers\":[" + in + "," + a + "," + b + "]}}");
    assertRejectedAsWritten("layer 'b' (Dropout): reads [in], expected a chain: [a]");
    architecture("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[" + a + "]}}");
    assertRejectedAsWritten("the first layer has no batch_input_shape of [batch, frames, bins]");
  }

  @Test
  void weightsThatAreNotHdf5AreRejected() throws IOException {
    layers.add(layer("Dense", "d", "\"units\":2"));
    writeArchitecture();
    Files.writeString(weightsFile(), "not HDF5");
    assertRejectedAsWritten("model.h5: not a readable HDF5 file");
  }

  @Test
  void anHdf5FileMayHoldItsArchitecture() throws IOException {
    layers.add(layer("Dense", "d", "\"units\":1"));
    datasets.put("model_weights/d/d/kernel:0", new float[][] {{1}, {2}, {3}});
    datasets.put("model_weights/d/d/bias:0", new float[] {4});
    writeWeights(true);
    assertTrue(KerasReader.mayRead(weightsFile()));
    ImportedNetwork read = KerasReader.read(weightsFile());
    assertEquals("imported from model.h5 (Keras 2.4.0)", read.source());
    assertArrayEquals(new float[] {4}, ((Dense) read.network().layers().get(0)).bias());
    writeWeights(false);
    String message =
        assertThrows(ModelFormatException.class, () -> KerasReader.read(weightsFile()))
            .getMessage();
    assertTrue(message.contains("give --architecture JSON"), message);
    writeWeights(true);
    assertDamagedIsRejected(weightsFile());
  }

  @Test
  void weightsInAnArchiveAreFoundByKindAndNumber() throws IOException {
    String gru = "\"units\":1,\"reset_after\":true," + SEQUENCES;
    layers.add(layer("GRU", "first", gru));
    layers.add(layer("Dropout", "drop", "\"rate\":0.5"));
    layers.add(layer("GRU", "second", gru));
    layers.add(layer("BatchNormalization", "n", "\"scale\":false"));
    String inner = layer("SimpleRNN", "r", "\"units\":1," + SEQUENCES);
    layers.add(layer("Bidirectional", "b", "\"layer\":" + inner));
    layers.add(layer("TimeDistributed", "t", "\"layer\":" + layer("Dense", "d", "\"units\":1")));
    float[][] biases = {{1, 2, 3}, {4, 5, 6}};
    numbered("layers/gru/cell/", new float[3][3], new float[1][3], biases);
    datasets.put("layers/gru/cell/seed_generator/vars/0", new float[2]);
    numbered("layers/gru_1/cell/", new float[1][3], new float[1][3], new float[2][3]);
    datasets.put("layers/gru_1/cell/vars/1", new float[][] {{7, 8, 9}});
    numbered("layers/batch_normalization/", new float[] {1}, new float[] {2}, new float[] {3});
    numbered(
        "layers/bidirectional/forward_layer/cell/",
        new float[1][1],
        new float[1][1],
        new float[] {5});
    numbered(
        "layers/bidirectional/backward_layer/cell/",
        new float[1][1],
        new float[1][1],
        new float[] {6});
    numbered("layers/time_distributed/layer/", new float[][] {{10}, {11}}, new float[] {12});
    Path archive = archive("config.json", "metadata.json", "model.weights.h5");
    assertTrue(KerasReader.mayRead(archive));
    ImportedNetwork imported = KerasReader.read(archive);
    assertEquals("imported from model.keras (Keras 3.6.0)", imported.source());
    List<Layer> read = imported.network().layers();
    assertArrayEquals(new float[] {4, 5, 6}, ((Gru) read.get(0)).recurrentBias());
    assertArrayEquals(new float[] {7, 8, 9}, ((Gru) read.get(1)).recurrentWeights()[0]);
    assertArrayEquals(new float[] {2}, ((BatchNorm) read.get(2)).mean());
    Bidirectional both = (Bidirectional) read.get(3);
    assertArrayEquals(new float[] {5}, ((SimpleRnn) both.forward()).inputBias());
    assertArrayEquals(new float[] {6}, ((SimpleRnn) both.backward()).inputBias());
    assertArrayEquals(new float[] {11}, ((Dense) read.get(4)).weights()[1]);
  }

  private void numbered(String path, Object... variables) {
    for (int i = 0; i < variables.length; i++) {
      datasets.put(path + "vars/" + i, variables[i]);
    }
  }

  private Path archive(String... names) throws IOException {
    writeWeights(false);
    Path archive = dir.resolve("model.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        switch (name) {
          case "config.json" ->
              zip.write(sequential().replace("\"keras_version\":\"2.4.0\",", "").getBytes(UTF_8));
          case "metadata.json" -> zip.write("{\"keras_version\":\"3.6.0\"}".getBytes(UTF_8));
          default -> zip.write(Files.readAllBytes(weightsFile()));
        }
      }
    }
    return archive;
  }

  @Test
  void aDamagedArchiveIsRejected() throws IOException {
    layers.add(layer("Dense", "d", "\"units\":1"));
    numbered("layers/dense/", new float[3][1], new float[1]);
    assertArchiveRejected(archive("config.json", "metadata.json"), "without model.weights.h5");
    assertArchiveRejected(archive("config.json", "model.weights.h5"), "without metadata.json");
    archive("config.json", "metadata.json", "model.weights.h5");
    KerasReader.read(dir.resolve("model.keras"));
    assertDamagedIsRejected(dir.resolve("model.keras"));
  }

  /** A damaged file is read all the same, or rejected by name. */
  private static void assertDamagedIsRejected(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = i < 50 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      if (i >= 50) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        KerasReader.read(Files.write(file, damaged));
      } catch (ModelFormatException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      }
    }
  }

  private static void assertArchiveRejected(Path archive, String expected) {
    String message =
        assertThrows(ModelFormatException.class, () -> KerasReader.read(archive)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static String layer(String kind, String name, String config) {
    String more = config.isEmpty() ? "" : "," + config;
    return String.format(
        "{\"class_name\":\"%s\",\"config\":{\"name\":\"%s\"%s}}", kind, name, more);
  }

  private void recurrent(String path, int inputs, int width) {
    datasets.put(path + "kernel:0", new float[inputs][width]);
    datasets.put(path + "recurrent_kernel:0", new float[1][width]);
  }

  private Path weightsFile() {
    return dir.resolve("model.h5");
  }

  private void architecture(String json) throws IOException {
    Files.writeString(dir.resolve("model.json"), json);
  }

  private String sequential() {
    return "{\"class_name\":\"Sequential\",\"keras_version\":\"2.4.0\",\"config\":{\"layers\":"
        + layers
        + "}}";
  }

  private void writeArchitecture() throws IOException {
    architecture(sequential());
  }

  private List<Layer> read() throws IOException {
    writeArchitecture();
    writeWeights(false);
    return KerasReader.read(weightsFile(), dir.resolve("model.json")).network().layers();
  }

  private void writeWeights(boolean withArchitecture) {
    try (var file = HdfFile.write(weightsFile())) {
      if (withArchitecture) {
        file.putAttribute("model_config", sequential());
      }
      Map<String, WritableGroup> groups = new LinkedHashMap<>();
      datasets.forEach(
          (path, data) -> {
            WritableGroup group = file;
            String[] parts = path.split("/", -1);
            String at = "";
            for (int i = 0; i < parts.length - 1; i++) {
              at += "/" + parts[i];
              WritableGroup parent = group;
              String part = parts[i];
              group = groups.computeIfAbsent(at, p -> parent.putGroup(part));
            }
            group.putDataset(parts[parts.length - 1], data);
          });
    }
  }

  private void assertRejected(String expected) {
    String message = assertThrows(ModelFormatException.class, this::read).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private void assertRejectedAsWritten(String expected) {
    String message =
        assertThrows(
                ModelFormatException.class,
                () -> KerasReader.read(weightsFile(), dir.resolve("model.json")))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }
}
