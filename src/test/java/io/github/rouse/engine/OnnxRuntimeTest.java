// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.OnnxRoundTripTest;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.export.StreamingGraph;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.nn.TinyNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime: what it gives for a verifier, what it releases and reports. */
class OnnxRuntimeTest {
  private static final Network GRUS = TinyNetworks.reading(7).gru(5).gru(4).network();

  @TempDir Path dir;
  private final List<String> closed = new ArrayList<>();

  @Test
  void theVerifiersGraphGivesTheLogitsOfEveryWord() {
    FeatureSpec spec = FeatureSpec.LOG_MEL;
    Network trunk = TinyNetworks.reading(spec.bins()).conv(6, 5, 3, 0).relu().dense(4).network();
    SpeechEncoder encoder = new SpeechEncoder(spec, trunk, Provenance.of("a test"));
    List<Verifier.WordHead> heads =
        List.of(
            new Verifier.WordHead(List.of(head(3), head(5)), 0.1f, 0.5f),
            new Verifier.WordHead(List.of(head(2), head(3), head(4)), 0.1f, 0.5f));
    Verifier verifier = Verifier.of(encoder, 50, 9, heads, 0.5f);
    float[][] frames = TinyNetworks.frames(59, spec.bins());
    float[][] logits =
        OnnxRuntime.forward("verifier", verifier.graph(), List.<float[][]>of(frames)).get(0);
    assertEquals(2, logits[0].length);
    for (int word = 0; word < 2; word++) {
      assertEquals(verifier.logit(word, frames), logits[0][word], 1e-5, "word " + word);
    }
    assertTrue(Math.abs(logits[0][0] - logits[0][1]) > 1e-3, "both words have the same logit");
  }

  private static Network head(int units) {
    return TinyNetworks.reading(4).both(n -> n.gru(units)).attention(units).dense(1).network();
  }

  @Test
  void aFailedStreamClosesWhatItOpened() {
    WakeModel model = OnnxRoundTripTest.model(GRUS);
    StreamingGraph graph = StreamingGraph.of(model.graph(), GRUS);
    StreamingGraph bad =
        new StreamingGraph(
            graph.model(),
            graph.window(),
            List.of(graph.states().get(0), new StreamingGraph.State("in", "out", -1)));
    OrtResources opened = new OrtResources();
    opened.add(() -> closed.add("before"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new OnnxRuntimeStream(model.name(), bad, model.network(), opened));
    assertEquals(List.of("before"), closed);
  }

  @Test
  void aRejectedStreamClosesWhatItOpenedAndGivesTheReason() {
    WakeModel model = OnnxRoundTripTest.model(GRUS);
    ModelProto bare = model.graph().toBuilder().clearOpsetImport().clearIrVersion().build();
    StreamingGraph bad = new StreamingGraph(bare, 1, List.of());
    OrtResources opened = new OrtResources();
    opened.add(() -> closed.add("before"));
    failed(() -> new OnnxRuntimeStream(model.name(), bad, model.network(), opened));
    assertEquals(List.of("before"), closed);
  }

  @Test
  void aStreamMayBeClosedTwice() {
    WakeModel model = OnnxRoundTripTest.model(GRUS);
    OnnxRuntimeStream stream = new OnnxRuntimeStream(model.name(), model.graph(), GRUS);
    assertEquals(1, stream.run(StepBatch.of(new float[1][7])).count());
    stream.close();
    assertThrows(IllegalStateException.class, () -> stream.run(StepBatch.of(new float[1][7])));
    stream.close();
  }

  @Test
  void allAreClosedInReverseOrderEvenIfOneFails() {
    OrtResources opened = new OrtResources();
    opened.add(() -> closed.add("first"));
    opened.add(() -> fail("second"));
    opened.add(() -> fail("third"));
    opened.add(() -> closed.add("fourth"));
    OrtException e = assertThrows(OrtException.class, opened::close);
    assertEquals("third", e.getMessage());
    assertEquals("second", e.getSuppressed()[0].getMessage());
    assertEquals(List.of("fourth", "first"), closed);
    opened.add(() -> fail("fifth"));
    IOException why = new IOException("why");
    opened.closeAfter(why);
    assertEquals("fifth", why.getSuppressed()[0].getMessage());
  }

  private static void fail(String message) throws OrtException {
    throw new OrtException(message);
  }

  @Test
  void errorsOfOnnxRuntimeNameTheModel() throws IOException {
    Path file = dir.resolve("tiny.onnx");
    OnnxRoundTripTest.model(GRUS).write(file);
    ModelProto.Builder proto = OnnxFile.read(file).toBuilder();
    for (NodeProto.Builder node : proto.getGraphBuilder().getNodeBuilderList()) {
      node.clearAttribute(); // Rouse infers a GRU's size from its weights, ONNX Runtime does not
      if (node.getOpType().equals("Transpose")) {
        node.addAttribute(GraphNodes.attribute("perm", new long[] {1, 0, 2}));
      }
    }
    Files.write(file, proto.build().toByteArray());
    WakeModel model = WakeModel.read(file);
    failed(() -> OnnxRuntime.forward(model, TinyNetworks.frames(3, 7)));
    failed(() -> model.start(Engine.ONNXRUNTIME, 1));
  }

  private static void failed(Executable action) {
    IllegalStateException e = assertThrows(IllegalStateException.class, action);
    assertTrue(e.getMessage().startsWith("tiny: ONNX Runtime: "), e.getMessage());
    assertInstanceOf(OrtException.class, e.getCause());
  }
}
