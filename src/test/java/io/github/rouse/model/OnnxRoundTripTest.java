// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.rouse.TestModels;
import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Mel;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes every kind of layer to ONNX, reads it back, and runs it in ONNX Runtime. */
public class OnnxRoundTripTest {
  private static final float[][] FRAMES = TinyNetworks.frames(60, 7);

  @TempDir Path dir;

  private static Map<String, Network> networks() {
    Map<String, Network> networks = new LinkedHashMap<>(TinyNetworks.all());
    TinyNetworks.bidirectional().forEach((n, net) -> networks.put("bidirectional " + n, net));
    return networks;
  }

  public static WakeModel model(Network network) {
    FeatureSpec features =
        new FeatureSpec(
            16_000, 400, 160, new Spectrum.Mfcc(Mel.of(MelScale.HTK, 20), 1e-6, network.inputs()));
    List<String> words = IntStream.range(0, network.outputs()).mapToObj(i -> "word" + i).toList();
    return new WakeModel(
        "tiny", words, features, TriggerPolicy.DEFAULT, network, Provenance.of("a test"));
  }

  private WakeModel throughAFile(Network network) throws IOException {
    Path file = dir.resolve("tiny.onnx");
    model(network).write(file);
    return WakeModel.read(file);
  }

  @Test
  void everyLayerSurvivesTheRoundTripBitForBit() throws IOException {
    for (Map.Entry<String, Network> entry : networks().entrySet()) {
      List<Layer> written = entry.getValue().layers();
      List<Layer> read = throughAFile(entry.getValue()).network().layers();
      assertEquals(written.size(), read.size(), entry.getKey());
      for (int i = 0; i < read.size(); i++) {
        assertEquals(written.get(i).getClass(), read.get(i).getClass(), entry.getKey());
        assertTrue(same(written.get(i), read.get(i)), entry.getKey() + ", layer " + i);
      }
    }
  }

  static boolean same(Layer a, Layer b) {
    return Arrays.deepEquals(parts(a), parts(b));
  }

  private static Object[] parts(Layer layer) {
    RecordComponent[] components = layer.getClass().getRecordComponents();
    Object[] parts = new Object[components.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        components[i].getAccessor().setAccessible(true);
        Object value = components[i].getAccessor().invoke(layer);
        if (value instanceof Network inner) {
          value = inner.layers().stream().map(OnnxRoundTripTest::parts).toArray();
        }
        parts[i] = value instanceof Layer inner ? parts(inner) : value;
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return parts;
  }

  @Test
  void bothEnginesAgreeOnEveryLayer() throws IOException {
    for (Map.Entry<String, Network> entry : networks().entrySet()) {
      WakeModel model = throughAFile(entry.getValue());
      double difference =
          TinyNetworks.difference(model.forward(FRAMES), OnnxRuntime.forward(model, FRAMES));
      // At most 4e-6 measured, both sides computing in float.
      assertTrue(difference < 1e-5, entry.getKey() + ": " + difference);
    }
  }

  @Test
  void attentionOverBothDirectionsRunsAsInOnnxRuntime() throws IOException {
    Network network =
        TinyNetworks.reading(96).both(n -> n.gru(32)).attention(32).dense(1).network();
    FeatureSpec features =
        new FeatureSpec(16_000, 400, 160, new Spectrum.LogMel(Mel.of(MelScale.HTK, 96), 1e-6));
    Path file = dir.resolve("pooled.onnx");
    for (WeightType type : WeightType.values()) {
      TestModels.model("pooled", features, network).write(file, type);
      WakeModel read = WakeModel.read(file);
      List<Layer> layers = read.network().layers();
      assertEquals(network.layers().size(), layers.size());
      for (int i = 0; i < layers.size(); i++) {
        boolean exact = type == WeightType.FP32;
        assertEquals(exact, same(network.layers().get(i), layers.get(i)), type + ", layer " + i);
      }
      for (int frames : new int[] {1, 2, 17, 98, 400}) {
        float[][] in = TinyNetworks.frames(frames, 96);
        float[][] out = read.forward(in);
        assertEquals(1, out.length);
        double difference = TinyNetworks.difference(out, OnnxRuntime.forward(read, in));
        assertTrue(difference < 1e-5, type + ", " + frames + " frames: " + difference);
      }
    }
  }

  @Test
  void anOnnxRuntimeStreamMatchesTheWholeClip() throws IOException {
    for (Map.Entry<String, Network> entry : TinyNetworks.all().entrySet()) {
      WakeModel model = throughAFile(entry.getValue());
      if (TinyNetworks.nativeOnly().containsKey(entry.getKey())) {
        String message =
            assertThrows(IllegalArgumentException.class, () -> model.start(Engine.ONNXRUNTIME, 1))
                .getMessage();
        assertTrue(message.endsWith("ONNX Runtime cannot stream; use the native engine"), message);
        continue;
      }
      try (PosteriorStreams stream = model.start(Engine.ONNXRUNTIME, 1)) {
        float[][] first = TinyNetworks.streamed(stream, FRAMES);
        double difference = TinyNetworks.difference(first, OnnxRuntime.forward(model, FRAMES));
        assertTrue(difference < 1e-5, entry.getKey() + ": " + difference);
        stream.reset(0);
        assertEquals(0, TinyNetworks.difference(first, TinyNetworks.streamed(stream, FRAMES)));
      }
    }
  }

  @Test
  void aNativeStreamMatchesTheWholeClipBitForBit() throws IOException {
    for (Map.Entry<String, Network> entry : TinyNetworks.all().entrySet()) {
      WakeModel model = throughAFile(entry.getValue());
      float[][] streamed = TinyNetworks.streamed(model.start(Engine.NATIVE, 1), FRAMES);
      assertTrue(Arrays.deepEquals(model.forward(FRAMES), streamed), entry.getKey());
    }
  }

  @Test
  void aClipShorterThanTheFirstStepGivesNoPosteriors() {
    WakeModel model = model(TinyNetworks.classic().network());
    float[][] few = Arrays.copyOf(FRAMES, 4);
    assertEquals(0, model.forward(few).length);
    assertEquals(0, OnnxRuntime.forward(model, few).length);
    assertEquals(1, OnnxRuntime.forward(model, Arrays.copyOf(FRAMES, 5)).length);
  }

  @Test
  void streamingAModelThatNeedsTheWholeClipFailsWithItsName() {
    Map<String, Network> networks =
        Map.of(
            "a bidirectional layer reads the clip",
            TinyNetworks.reading(7).both(n -> n.gru(5)).network(),
            "attention pooling weighs all steps",
            TinyNetworks.reading(7).gru(5).attention(3).network());
    networks.forEach(
        (reason, network) -> {
          WakeModel model = model(network);
          for (Engine engine : Engine.values()) {
            String message =
                assertThrows(IllegalArgumentException.class, () -> model.start(engine, 1))
                    .getMessage();
            assertTrue(message.startsWith("tiny: " + reason), message);
          }
        });
  }

  @Test
  void onnxRuntimeRejectsConvolutionsThatNoWindowCovers() {
    WakeModel late = model(TinyNetworks.reading(7).gru(5).conv(3, 4, 1, 0).network());
    WakeModel padded = model(TinyNetworks.reading(7).conv(5, 3, 1, 2).conv(3, 4, 1, 3).network());
    for (WakeModel model : List.of(late, padded)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.start(Engine.ONNXRUNTIME, 1))
              .getMessage();
      assertTrue(message.startsWith("tiny: layer 1 is a convolution"), message);
      double difference =
          TinyNetworks.difference(model.forward(FRAMES), OnnxRuntime.forward(model, FRAMES));
      assertTrue(difference < 1e-5, "difference=" + difference);
    }
  }

  @Test
  void differentHalvesOfABidirectionalLayerAreRejected() {
    Layer after = TinyNetworks.reading(7).gru(Gru.Reset.AFTER, 5).network().layers().get(0);
    Layer before = TinyNetworks.reading(7).gru(Gru.Reset.BEFORE, 5).network().layers().get(0);
    Network network = new Network(List.of(new Bidirectional(after, before)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> model(network)).getMessage();
    assertTrue(message.contains("reset AFTER and GRU of 5 units, reset BEFORE"), message);
  }

  @Test
  void nodesHaveReadableNames() {
    List<String> names =
        OnnxWriter.model(TinyNetworks.classic().network()).getGraph().getNodeList().stream()
            .map(NodeProto::getName)
            .collect(Collectors.toList());
    assertEquals(
        List.of("conv1d0_transpose", "conv1d0", "batchnorm1", "activation2", "gru3_transpose"),
        names.subList(0, 5));
  }
}
