// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WakeModelTest {
  private static final Network NETWORK =
      TinyNetworks.reading(40).conv(6, 5, 2, 0).gru(4).dense(2).sigmoid().network();
  private static final TriggerPolicy POLICY = new TriggerPolicy(0.3f, 3, 2, 0.7f);

  @TempDir Path dir;

  private static WakeModel model(String name) {
    Provenance provenance = Provenance.of("a test").with("seed", 7).with("miss rate", 0.25);
    return new WakeModel(
        name, List.of("jarvis", "größer"), FeatureSpec.PCEN, POLICY, NETWORK, provenance);
  }

  @Test
  void aModelOfSomeWordsGivesTheirPosteriors() {
    WakeModel both = model("both");
    WakeModel one = both.of(List.of("größer"), "one");
    assertEquals(List.of("größer"), one.words());
    assertEquals("both, a model of jarvis, größer", one.provenance().facts().get("taken from"));
    float[][] frames = new float[20][40];
    for (int i = 0; i < 800; i++) {
      frames[i / 40][i % 40] = (float) Math.sin(i);
    }
    float[][] all = both.forward(frames);
    float[][] some = one.forward(frames);
    for (int step = 0; step < all.length; step++) {
      assertEquals(all[step][1], some[step][0]);
    }
    assertThrows(IllegalArgumentException.class, () -> both.of(List.of("x"), "one"));
    assertThrows(IllegalArgumentException.class, () -> both.of(List.of(), "one"));
  }

  @Test
  void aModelIsReadFromAStream() throws IOException {
    Path file = dir.resolve("house.onnx");
    model("house").write(file);
    byte[] bytes = Files.readAllBytes(file);
    WakeModel read = WakeModel.read(new ByteArrayInputStream(bytes), "house.onnx");
    assertEquals("house", read.name());
    assertEquals(WakeModel.read(file).weightsSha256(), read.weightsSha256());
    InputStream half = new ByteArrayInputStream(bytes, 0, bytes.length / 2);
    IOException problem = assertThrows(IOException.class, () -> WakeModel.read(half, "half.onnx"));
    assertEquals("half.onnx: not an ONNX file, or cut short", problem.getMessage());
    InputStream none = InputStream.nullInputStream();
    assertThrows(ModelFormatException.class, () -> WakeModel.read(none, "none.onnx"));
  }

  @Test
  void theOperatingPointIsAThresholdARateOrASensitivity() {
    WakeModel plain = model("plain");
    assertEquals(0.75f, plain.withThreshold(0.75f).policy().threshold());
    assertThrows(IllegalStateException.class, () -> plain.withFalseAlarmsPerHour(1));
    Calibration calibration =
        new Calibration(10, 1, List.of(0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f, 0.3f));
    WakeModel tuned = plain.withCalibration(calibration);
    float threshold = calibration.threshold(0.5);
    assertEquals(threshold, tuned.withFalseAlarmsPerHour(0.5).policy().threshold());
    assertEquals(3, tuned.withFalseAlarmsPerHour(0.5).policy().smoothing());
    double middle = Math.sqrt(0.02 * 10);
    assertEquals(calibration.threshold(middle), tuned.withSensitivity(0.5).policy().threshold());
    assertThrows(IllegalArgumentException.class, () -> tuned.withFalseAlarmsPerHour(11));
    assertThrows(IllegalArgumentException.class, () -> tuned.withSensitivity(1.1));
  }

  @Test
  void aFusedModelGivesTheSamePosteriorsAndCanBeWritten() throws IOException {
    Path file = dir.resolve("house.onnx");
    Network normalised =
        TinyNetworks.reading(40).conv(6, 5, 2, 0).norm().gru(4).dense(2).sigmoid().network();
    Provenance provenance = Provenance.of("a test");
    new WakeModel("house", List.of("a", "b"), FeatureSpec.PCEN, POLICY, normalised, provenance)
        .write(file);
    WakeModel read = WakeModel.read(file);
    WakeModel merged = read.fused();
    assertEquals(read.network().layers().size() - 1, merged.network().layers().size());
    float[][] frames = new float[20][40];
    for (int i = 0; i < 800; i++) {
      frames[i / 40][i % 40] = (float) Math.sin(i);
    }
    assertArrayEquals(read.forward(frames), merged.forward(frames));
    merged.write(file);
    assertArrayEquals(read.forward(frames), WakeModel.read(file).forward(frames));
    assertEquals(read.policy(), merged.policy());
  }

  @Test
  void aModelSurvivesItsFile() throws IOException {
    Path file = dir.resolve("house.onnx");
    WakeModel written = model("house");
    written.write(file);
    WakeModel read = WakeModel.read(file);
    assertEquals("house", read.name());
    assertEquals(List.of("jarvis", "größer"), read.words());
    assertEquals(FeatureSpec.PCEN, read.features());
    assertEquals(POLICY, read.policy());
    assertEquals(
        List.of("source", "seed", "miss rate", "weights SHA-256"),
        List.copyOf(read.provenance().facts().keySet()));
    assertEquals(
        written.provenance().with(Provenance.WEIGHTS, written.weightsSha256()), read.provenance());
    assertEquals(written.weightsSha256(), read.weightsSha256());
  }

  @Test
  void aModelHasItsFilesNameUnlessItStoresAnother() throws IOException {
    model("house").write(dir.resolve("house.onnx"));
    Files.move(dir.resolve("house.onnx"), dir.resolve("shed.onnx"));
    assertEquals("shed", WakeModel.read(dir.resolve("shed.onnx")).name());
    model("house").write(dir.resolve("candidate.onnx"));
    assertEquals("house", WakeModel.read(dir.resolve("candidate.onnx")).name());
  }

  @Test
  void theHashDependsOnTheWeightsAlone() {
    assertEquals(model("a").weightsSha256(), model("b").weightsSha256());
    float[][] weights = ((Dense) NETWORK.layers().get(2)).weights();
    String before = model("a").weightsSha256();
    float kept = weights[1][1];
    weights[1][1] = Math.nextUp(kept);
    assertNotEquals(before, model("a").weightsSha256());
    weights[1][1] = kept;
  }

  @Test
  void mismatchedPartsAreRejectedByNameAndValue() {
    assertRejected("name= ", " ", List.of("a", "b"), FeatureSpec.PCEN);
    assertRejected("words=[a]", "x", List.of("a"), FeatureSpec.PCEN);
    assertRejected("words=[a, a]", "x", List.of("a", "a"), FeatureSpec.PCEN);
    assertRejected("words=[a, ]", "x", List.of("a", ""), FeatureSpec.PCEN);
    assertRejected(
        "features.bins=101, but the network reads 40", "x", List.of("a", "b"), FeatureSpec.CLASSIC);
  }

  @Test
  void namesUnfitForFilesAndUnprintableTextAreRejected() {
    List<String> words = List.of("a", "b");
    assertRejected("name=a/b, expected", "a/b", words, FeatureSpec.PCEN);
    assertRejected("name=..\\b, expected", "..\\b", words, FeatureSpec.PCEN);
    for (String control : List.of("\n", "\u001b", "\u007f", "\u009b", "\u2028")) {
      assertRejected("name=a b, expected", "a" + control + "b", words, FeatureSpec.PCEN);
      List<String> bad = List.of("a" + control + "[2J", "b");
      assertRejected("words=[a [2J, b], expected printable text", "x", bad, FeatureSpec.PCEN);
    }
    List<String> good = List.of("yes/no", "می\u200cخواهم"); // Persian spelling needs the joiner
    assertEquals(
        good,
        new WakeModel("Zoë 2.0", good, FeatureSpec.PCEN, POLICY, NETWORK, Provenance.NONE).words());
  }

  @Test
  void aFileWithAnInvalidNameIsRejected() throws IOException {
    Path file = dir.resolve("house.onnx");
    model("house").write(file);
    for (String json : List.of("\"../evil\"", "\"a\\u001bb\"", "\"a\\\\b\"")) {
      ModelProto.Builder proto = OnnxFile.read(file).toBuilder();
      proto.addMetadataProps(
          StringStringEntryProto.newBuilder().setKey("rouse.name").setValue(json));
      Path bad = dir.resolve("bad.onnx");
      Files.write(bad, proto.build().toByteArray());
      String message =
          assertThrows(ModelFormatException.class, () -> WakeModel.read(bad)).getMessage();
      assertTrue(message.startsWith(bad + ": name="), message);
      assertFalse(message.chars().anyMatch(Character::isISOControl), message);
    }
  }

  @Test
  void onlyAModelReadFromAFileKeepsAGraph() throws IOException {
    WakeModel made = model("house");
    assertNotSame(made.graph(), made.graph());
    Path file = dir.resolve("house.onnx");
    made.write(file);
    WakeModel read = WakeModel.read(file);
    assertSame(read.graph(), read.graph());
    assertSame(read.graph(), read.withPolicy(TriggerPolicy.DEFAULT).graph());
  }

  @Test
  void anotherPolicySharesTheNetwork() {
    WakeModel model = model("house");
    WakeModel other = model.withPolicy(TriggerPolicy.DEFAULT);
    assertEquals(TriggerPolicy.DEFAULT, other.policy());
    assertSame(model.folded(), other.folded());
  }

  private static void assertRejected(
      String expected, String name, List<String> words, FeatureSpec f) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new WakeModel(name, words, f, POLICY, NETWORK, Provenance.NONE))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = dir.resolve("house.onnx");
    Files.writeString(file, "old");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1000]);
                      throw new IOException("disk full");
                    }));
    assertEquals(file + ": cannot be written: disk full", e.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), list(dir));
  }

  @Test
  void aTargetThatCannotBeWrittenIsNamed() throws IOException {
    Path nowhere = dir.resolve("missing/house.onnx");
    IOException e = assertThrows(IOException.class, () -> model("a").write(nowhere));
    assertEquals(nowhere + ": cannot be written: no such folder", e.getMessage());
    Path folder = Files.createDirectories(dir.resolve("folder.onnx/full"));
    Path target = folder.getParent();
    e = assertThrows(IOException.class, () -> model("a").write(target));
    assertTrue(e.getMessage().startsWith(target + ": cannot be written: "), e.getMessage());
    assertTrue(Files.isDirectory(folder));
    assertEquals(List.of(target), list(dir));
  }

  private static List<Path> list(Path dir) throws IOException {
    try (var files = Files.list(dir)) {
      return files.toList();
    }
  }

  @Test
  void theNativeEngineRunsWithoutOnnxRuntime() throws Exception {
    Path file = dir.resolve("house.onnx");
    model("house").write(file);
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("onnxruntime")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
      Class<?> type = loader.loadClass(WakeModel.class.getName());
      Class<?> engine = loader.loadClass(Engine.class.getName());
      Object model = type.getMethod("read", Path.class).invoke(null, file);
      var start = type.getMethod("start", engine, int.class);
      assertFalse(start.invoke(model, engine.getEnumConstants()[0], 1) == null);
      Object frames = TinyNetworks.frames(20, 40);
      float[][] steps =
          (float[][]) type.getMethod("forward", float[][].class).invoke(model, frames);
      assertEquals(8, steps.length);
      // Prove that this loader really lacks ONNX Runtime.
      Object other = engine.getEnumConstants()[1];
      var e = assertThrows(InvocationTargetException.class, () -> start.invoke(model, other, 1));
      assertEquals(
          "needs ONNX Runtime: add com.microsoft.onnxruntime:onnxruntime to the class path",
          e.getCause().getMessage());
    }
  }
}
