// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.rouse.model.OnnxRoundTripTest;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.TinyNetworks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads graphs from other programs, and invalid files. */
class OnnxReaderTest {
  private static final Path FILE = Path.of("x.onnx");
  private static final Network DENSE = TinyNetworks.reading(3).dense(2).network();

  @TempDir Path dir;

  @Test
  void aProductOfATwoAxisTensorIsADenseLayer() throws IOException {
    Network network =
        read(
            graph(3, 2)
                .addInitializer(TensorWriter.integers("rows", -1, 3))
                .addInitializer(TensorWriter.floats("w", new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                .addInitializer(TensorWriter.floats("b", new float[] {7, 8}, 2))
                .addInitializer(TensorWriter.integers("axis", 0))
                .addNode(node("Reshape", "flat", "features", "rows"))
                .addNode(node("Gemm", "g", "flat", "w", "b").addAttribute(flag("transB", 1)))
                .addNode(node("Unsqueeze", "posteriors", "g", "axis")));
    assertEquals(
        0,
        TinyNetworks.difference(
            new float[][] {{1 + 4 + 9 + 7, 4 + 10 + 18 + 8}},
            network.forward(new float[][] {{1, 2, 3}})));
  }

  @Test
  void operatorsWithoutEffectAreSkipped() throws IOException {
    AttributeProto value =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(TensorWriter.floats("", new float[] {1, 2, 3, 4, 5, 6}, 3, 2))
            .build();
    Network network =
        read(
            graph(3, 2)
                .addInitializer(TensorWriter.floats("b", new float[] {7, 8}, 1, 1, 2))
                .addNode(node("Constant", "w").addAttribute(value))
                .addNode(node("Identity", "i", "features"))
                .addNode(node("Dropout", "d", "i").addOutput("mask"))
                .addNode(node("MatMul", "m", "d", "w"))
                .addNode(node("Add", "posteriors", "b", "m")));
    assertEquals(1, network.layers().size());
    assertEquals(
        0,
        TinyNetworks.difference(
            new float[][] {{1 + 6 + 15 + 7, 2 + 8 + 18 + 8}},
            network.forward(new float[][] {{1, 2, 3}})));
  }

  @Test
  void weightsMayBeTypedFieldsInsteadOfRawBytes() throws IOException {
    TensorProto listed =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addAllDims(List.of(3L, 1L))
            .addAllFloatData(List.of(1f, 2f, 3f))
            .build();
    Network network =
        read(
            graph(3, 1)
                .addInitializer(listed)
                .addNode(node("MatMul", "posteriors", "features", "w")));
    assertEquals(14f, network.forward(new float[][] {{1, 2, 3}})[0][0]);
  }

  @Test
  void quantizedWeightsMayHaveScalesAndZeroPointsForAllOrForEachIndexOfAnAxis() throws IOException {
    float[] each = {0.5f, 2};
    float[] all = {0.5f};
    float[][] plain = {{1 * 0.5f, 2 * 2}, {3 * 0.5f, -4 * 2}, {-128 * 0.5f, 127 * 2}};
    assertDequantized(plain, each);
    assertDequantized(plain, each, 0, 0);
    assertDequantized(new float[][] {{0.5f, 1}, {1.5f, -2}, {-64, 63.5f}}, all);
    assertDequantized(new float[][] {{0, 0.5f}, {1, -2.5f}, {-64.5f, 63}}, all, 1);
    assertDequantized(new float[][] {{0.5f, -2}, {1.5f, -14}, {-64, 248}}, each, 0, 3);
    assertDequantized(new float[][] {{-0.5f, 0}, {0.5f, -12}, {-65, 250}}, each, 2);
    assertRejected(
        "3 scales for an axis of 2", dequantized(new float[] {1, 2, 3})); // of [3][2], axis 1
  }

  private static void assertDequantized(float[][] expected, float[] scales, int... zeros)
      throws IOException {
    Network network = read(dequantized(scales, zeros));
    assertArrayEquals(expected, ((Dense) network.layers().get(0)).weights());
  }

  private static GraphProto.Builder dequantized(float[] scales, int... zeros) {
    GraphProto.Builder graph =
        graph(3, 2)
            .addInitializer(
                bytes("q", 1, 2, 3, -4, -128, 127).toBuilder().clearDims().addDims(3).addDims(2))
            .addInitializer(TensorWriter.floats("s", scales, scales.length));
    NodeProto.Builder node = node("DequantizeLinear", "w", "q", "s");
    if (zeros.length > 0) {
      graph.addInitializer(bytes("z", zeros));
      node.addInput("z");
    }
    return graph.addNode(node).addNode(node("MatMul", "posteriors", "features", "w"));
  }

  private static TensorProto bytes(String name, int... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length);
    for (int value : values) {
      raw.put((byte) value);
    }
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT8_VALUE)
        .addDims(values.length)
        .setRawData(ByteString.copyFrom(raw.flip()))
        .build();
  }

  @Test
  void anUnknownOpIsRejectedByNodeAndOp() {
    assertRejected(
        "x.onnx: node 'foo' (op Einsum): not supported by Rouse; supported: Add, BatchNorm",
        graph(3, 3).addNode(node("Einsum", "posteriors", "features").setName("foo")));
  }

  /** As PyTorch writes it: axes squeezed, a bias on v, the sum without its axis. */
  @Test
  void attentionPoolingIsReadWithoutAxesOfSizeOne() throws IOException {
    GraphProto.Builder graph =
        scores()
            .addInitializer(TensorWriter.floats("c", new float[] {9}, 1))
            .addInitializer(TensorWriter.integers("first", 0))
            .addInitializer(TensorWriter.integers("last", 2))
            .addNode(node("Add", "biased", "c", "scores"))
            .addNode(node("Squeeze", "row", "biased", "last"))
            .addNode(node("Softmax", "softmax", "row"))
            .addNode(node("Unsqueeze", "shares", "softmax", "last"))
            .addNode(node("Mul", "weighted", "features", "shares"));
    NodeProto.Builder sum = node("ReduceSum", "pooled", "weighted");
    NodeProto.Builder step = node("Unsqueeze", "posteriors", "pooled", "first");
    AttentionPooling expected =
        new AttentionPooling(
            new float[][] {{1, -2}, {0.5f, 0}, {2, 1}},
            new float[] {0.5f, -1},
            new float[] {1, -2});
    float[][] frames = TinyNetworks.frames(5, 3);
    for (int opset : new int[] {11, 17}) {
      NodeProto.Builder summed = sum.clone().addAttribute(flag("keepdims", 0));
      if (opset < 13) {
        summed.addAttribute(GraphNodes.attribute("axes", new long[] {1}));
      } else {
        summed.addInput("time");
      }
      GraphProto.Builder whole = graph.clone().addNode(summed).addNode(step);
      Network network = OnnxReader.network(model(whole, opset("", opset)).build(), FILE);
      assertEquals(1, network.layers().size());
      assertEquals(0, TinyNetworks.difference(expected.forward(frames), network.forward(frames)));
    }
  }

  @Test
  void otherUsesOfTheOpsOfAttentionPoolingAreRejected() {
    String softmax = "node 'shares' (op Softmax): supported only over time, on the scores of";
    assertRejected(
        softmax,
        graph(3, 3).addNode(over(1, "Softmax", "posteriors", "features").setName("shares")));
    assertRejected(softmax, pooled("features", 2));
    assertRejected(
        softmax,
        scores()
            .addNode(node("Sigmoid", "s", "scores"))
            .addNode(over(1, "Softmax", "posteriors", "s").setName("shares")));
    assertRejected(
        "node 'posteriors' (op ReduceSum): supported only over time, on the weighted steps of",
        graph(3, 3)
            .addInitializer(TensorWriter.integers("time", 1))
            .addNode(node("ReduceSum", "posteriors", "features", "time")));
    assertRejected(
        "node 'posteriors' (op ReduceSum): supported only over time, on the weighted steps of",
        weighted("features", 1)
            .addInitializer(TensorWriter.integers("values", 2))
            .addNode(node("ReduceSum", "posteriors", "weighted", "values")));
    assertRejected(
        "node 'posteriors' (op ReduceSum): sums over 2 axes, supported: one",
        weighted("features", 1)
            .addInitializer(TensorWriter.integers("both", 1, 2))
            .addNode(node("ReduceSum", "posteriors", "weighted", "both")));
    assertRejected(
        "node 'weighted' (op Mul): multiplies the shares of attention pooling by other steps",
        pooled("rectified", 1));
    assertRejected(
        "node 'posteriors' (op Relu): reads the middle of attention pooling",
        weighted("features", 1).addNode(node("Relu", "posteriors", "weighted")));
    assertRejected(
        "output: is the middle of attention pooling",
        weighted("features", 1).addNode(node("Identity", "posteriors", "weighted")));
    assertRejected(
        "node 'posteriors' (op Mul): reads 'features', supported: one tensor",
        graph(3, 3)
            .addNode(node("Relu", "a", "features"))
            .addNode(node("Mul", "posteriors", "a", "features")));
  }

  private static GraphProto.Builder pooled(String steps, int axis) {
    return weighted(steps, axis).addNode(node("ReduceSum", "posteriors", "weighted", "time"));
  }

  /** The scores of attention pooling and their softmax over an axis, times these steps. */
  private static GraphProto.Builder weighted(String steps, int axis) {
    return scores()
        .addNode(over(axis, "Softmax", "shares", "scores"))
        .addNode(node("Mul", "weighted", "shares", steps));
  }

  private static GraphProto.Builder scores() {
    return graph(3, 3)
        .addInitializer(TensorWriter.floats("w", new float[] {1, -2, 0.5f, 0, 2, 1}, 3, 2))
        .addInitializer(TensorWriter.floats("b", new float[] {0.5f, -1}, 2))
        .addInitializer(TensorWriter.floats("v", new float[] {1, -2}, 2, 1))
        .addInitializer(TensorWriter.integers("time", 1))
        .addNode(node("Relu", "rectified", "features"))
        .addNode(node("MatMul", "product", "features", "w"))
        .addNode(node("Add", "hidden", "product", "b"))
        .addNode(node("Tanh", "tanh", "hidden"))
        .addNode(node("MatMul", "scores", "tanh", "v"));
  }

  private static NodeProto.Builder over(int axis, String op, String output, String... inputs) {
    return node(op, output, inputs).addAttribute(flag("axis", axis));
  }

  @Test
  void graphsThatAreNotChainsAreRejected() {
    assertRejected(
        "node 'posteriors' (op Add): reads 'features', supported: one tensor",
        graph(3, 3)
            .addNode(node("Relu", "a", "features"))
            .addNode(node("Add", "posteriors", "a", "features")));
    assertRejected(
        "output 'posteriors': no node computes it",
        graph(3, 3).addNode(node("Relu", "a", "features")));
    assertRejected(
        "output 'posteriors': no node computes it",
        graph(3, 3).addNode(node("Relu", "a", "b")).addNode(node("Relu", "b", "a")));
    assertRejected(
        "graph with 0 inputs and 1 outputs",
        graph(3, 3).clearInput().addNode(node("Relu", "posteriors", "features")));
    assertRejected(
        "input: expected floats of shape [1, frames, bins]",
        graph(3, 3)
            .setInput(0, value("features", 0))
            .addNode(node("Relu", "posteriors", "features")));
    assertRejected(
        "output: [1, values, time], expected [1, time, values]",
        graph(3, 3)
            .addNode(
                node("Transpose", "posteriors", "features")
                    .addAttribute(GraphNodes.attribute("perm", new long[] {0, 2, 1}))));
  }

  @Test
  void anOpOfAnotherDomainIsRejectedByName() throws IOException {
    assertRejected(
        "node 'r' (op Relu): domain=com.example, supported: ai.onnx",
        graph(3, 3)
            .addNode(node("Relu", "posteriors", "features").setName("r").setDomain("com.example")));
    Network network =
        read(graph(3, 3).addNode(node("Relu", "posteriors", "features").setDomain("ai.onnx")));
    assertEquals(1, network.layers().size());
  }

  @Test
  void unknownOpsetsAreRejected() throws IOException {
    GraphProto.Builder relu = graph(3, 3).addNode(node("Relu", "posteriors", "features"));
    for (long version : new long[] {9, 22}) {
      ModelProto model = model(relu, opset("com.example", 1), opset("ai.onnx", version)).build();
      assertEquals(1, OnnxReader.network(model, FILE).layers().size());
    }
    for (long version : new long[] {8, 23, -1}) {
      assertModelRejected(
          "x.onnx: opset=[" + version + "], expected one of 9 to 22",
          model(relu, opset("", version)));
    }
    assertModelRejected("opset=[], expected one of 9 to 22", model(relu, opset("com.example", 17)));
    assertModelRejected("opset=[17, 18]", model(relu, opset("", 17), opset("ai.onnx", 18)));
  }

  private static void assertModelRejected(String expected, ModelProto.Builder model) {
    String message =
        assertThrows(ModelFormatException.class, () -> OnnxReader.network(model.build(), FILE))
            .getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void tooLongConvolutionsAreRejectedNamingTheFile() {
    Network conv = TinyNetworks.reading(3).conv(2, 4, 2, 1).conv(2, 4, 2, 0).network();
    changed(
        conv,
        "strides",
        a -> a.clearInts().addInts(65_536),
        "x.onnx: stride=65536, expected at most 4096 frames");
    changed(
        conv,
        "strides",
        a -> a.clearInts().addInts(Integer.MAX_VALUE),
        "x.onnx: stride=2147483647, expected at most 4096 frames");
  }

  @Test
  void nonFiniteWeightsAreRejectedNamingTheTensor() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] values = {1, 2, 3, 4, bad, 6};
      weights(
          DENSE,
          t -> t.setRawData(TensorWriter.floats("", values, 3, 2).getRawData()),
          "weights: 'dense0_weights'[4]=" + bad + ", expected a finite number");
    }
  }

  @Test
  void recurrentLayersMayTakeTheBatchFirst() throws IOException {
    Network network = TinyNetworks.reading(3).gru(2).network();
    GraphProto.Builder graph = OnnxWriter.model(network).getGraph().toBuilder();
    graph.removeNode(3).removeNode(0); // transpositions
    NodeProto.Builder gru = graph.getNodeBuilder(0).setInput(0, "features");
    graph.getNodeBuilder(1).setOutput(0, "posteriors");
    assertRejected("(op GRU): ", graph); // reads the batch as time
    gru.addAttribute(
        AttributeProto.newBuilder()
            .setName("layout")
            .setType(AttributeProto.AttributeType.INT)
            .setI(1));
    assertRejected("(op Squeeze): squeezes axis 1", graph);
    for (TensorProto.Builder t : graph.getInitializerBuilderList()) {
      if (t.getName().equals("direction_axis")) {
        t.setRawData(ByteString.copyFrom(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}));
      }
    }
    float[][] frames = TinyNetworks.frames(20, 3);
    float[][] expected = OnnxRoundTripTest.model(network).forward(frames);
    float[][] got = OnnxRoundTripTest.model(read(graph)).forward(frames);
    assertEquals(0, TinyNetworks.difference(expected, got));
  }

  @Test
  void bfloat16WeightsAreRead() throws IOException {
    GraphProto.Builder graph = OnnxWriter.model(DENSE).getGraph().toBuilder();
    ByteBuffer halves = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = {1, -2, 0.5f, 1.5f, -0.125f, 3};
    for (float value : values) {
      halves.putShort((short) (Float.floatToIntBits(value) >> 16));
    }
    graph
        .getInitializerBuilder(0)
        .setDataType(TensorProto.DataType.BFLOAT16_VALUE)
        .setRawData(ByteString.copyFrom(halves.flip()));
    float[][] weights = ((Dense) read(graph).layers().get(0)).weights();
    assertArrayEquals(new float[] {1, -2}, weights[0]);
    assertArrayEquals(new float[] {-0.125f, 3}, weights[2]);
  }

  @Test
  void aNegativeVarianceIsRejected() {
    changed(
        TinyNetworks.reading(3).norm().network(),
        "epsilon",
        a -> a.setF(-1000),
        "(op BatchNormalization): variance[0]+epsilon=-9");
  }

  @Test
  void unsupportedAttributesAreRejected() {
    Network conv = TinyNetworks.reading(3).conv(2, 4, 2, 1).network();
    changed(conv, "pads", a -> a.clearInts().addInts(1).addInts(2), "(op Conv): pads=[1, 2]");
    changed(conv, "strides", a -> a.clearInts().addInts(0), "(op Conv): strides=[0], expected");
    changed(conv, "strides", a -> a.clearInts().addInts(1L << 40), "strides=[1099511627776]");
    changed(
        conv,
        "pads",
        a -> a.setName("dilations").clearInts().addInts(5000),
        "dilations=[5000], supported: a kernel of up to 4096 frames");
    changed(conv, "pads", a -> a.setName("group").setI(3), "group=3, supported: 1");
    changed(
        conv,
        "pads",
        a -> a.setName("auto_pad").setS(ByteString.copyFromUtf8("SAME_LOWER")),
        "auto_pad=SAME_LOWER, supported: NOTSET");
    Network gru = TinyNetworks.reading(3).gru(2).network();
    changed(gru, "hidden_size", a -> a.setI(5), "(op GRU): hidden_size=5, supported: 2");
    changed(gru, "hidden_size", a -> a.setName("clip"), "clip is not supported");
    changed(gru, "hidden_size", a -> a.setName("layout"), "layout=2, supported: 0, 1");
    changed(gru, "direction", a -> a.setS(ByteString.copyFromUtf8("reverse")), "direction=reverse");
    changed(
        gru,
        "direction",
        a -> a.setName("activations").addStrings(ByteString.copyFromUtf8("Relu")),
        "activations=[Relu], supported: [Sigmoid, Tanh]");
  }

  private static void changed(
      Network network, String attribute, Consumer<AttributeProto.Builder> change, String expected) {
    GraphProto.Builder graph = OnnxWriter.model(network).getGraph().toBuilder();
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder a : node.getAttributeBuilderList()) {
        if (a.getName().equals(attribute)) {
          change.accept(a);
        }
      }
    }
    assertRejected(expected, graph);
  }

  @Test
  void weightsOfTheWrongShapeAreRejected() {
    weights(DENSE, t -> t.setDims(0, 4), "weights: shape [4, 2], but the file has 6 values");
    weights(DENSE, t -> t.setDims(0, 2).setDims(1, 3), "weights has shape [2, 3], expected [3, 3]");
    weights(DENSE, t -> t.clearDims(), "weights: shape [], but the file has 6 values");
    weights(DENSE, t -> t.setDims(0, 1L << 40).setDims(1, 1L << 40), "but the file has 6 values");
    weights(DENSE, t -> t.setDims(0, -3).setDims(1, -2), "shape [-3, -2], but the file has 6");
    weights(
        DENSE,
        t -> t.setDims(0, 1L << 40).setDims(1, 0).setRawData(ByteString.EMPTY),
        "but the file has 0 values");
    weights(DENSE, t -> t.setRawData(ByteString.copyFrom(new byte[25])), "but the file has 6");
    weights(DENSE, t -> t.setDataType(8), "weights: type STRING is not supported");
    weights(DENSE, t -> t.clearRawData(), "shape [3, 2], but the file has 0 values");
    weights(DENSE, t -> t.setName("elsewhere"), "reads 'dense0_weights', supported: one tensor");
    Network lstm = TinyNetworks.reading(3).lstm(2, true).network();
    weights(
        lstm,
        t -> t.setDims(1, 6).setDims(2, 4),
        "(op LSTM): W has shape [1, 6, 4], expected [1, 8, 4]");
    weights(lstm, t -> t.clearDims().addDims(8).addDims(3), "W has 2 and R 3 axes, expected 3");
  }

  private static void weights(
      Network network, Consumer<TensorProto.Builder> change, String expected) {
    GraphProto.Builder graph = OnnxWriter.model(network).getGraph().toBuilder();
    change.accept(graph.getInitializerBuilder(0));
    assertRejected(expected, graph);
  }

  @Test
  void anInvalidFileIsRejectedInOneLine() throws IOException {
    assertBytesRejected(new byte[0], "is empty");
    assertBytesRejected("RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII), "");
    assertBytesRejected(new byte[1000], "not an ONNX file");
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] garbage = new byte[1 + random.nextInt(200)];
      random.nextBytes(garbage);
      assertBytesRejected(garbage, "");
    }
    assertThrows(ModelFormatException.class, () -> WakeModel.read(dir));
  }

  @Test
  void countlessEmptyMessagesAreRejectedBeforeParsing() throws IOException {
    GraphProto.Builder nodes = graph(3, 3);
    for (int i = 0; i <= 100_000; i++) {
      nodes.addNode(NodeProto.getDefaultInstance());
    }
    assertBytesRejected(model(nodes).build().toByteArray(), "more than 100000 fields");
    NodeProto.Builder node = node("Relu", "posteriors", "features");
    for (int i = 0; i <= 100_000; i++) {
      node.addAttribute(AttributeProto.getDefaultInstance());
    }
    assertBytesRejected(
        model(graph(3, 3).addNode(node)).build().toByteArray(), "more than 100000 fields");
    byte[] unknown = new byte[400_000]; // field 100, a varint of two bytes: 0
    for (int i = 0; i < unknown.length; i += 4) {
      unknown[i] = (byte) 0xa0;
      unknown[i + 1] = 0x06;
      unknown[i + 2] = (byte) 0x80;
    }
    assertBytesRejected(unknown, "not an ONNX model");
    assertBytesRejected(
        ByteString.copyFrom(unknown).concat(ByteString.copyFrom(unknown)).toByteArray(),
        "more than 100000 fields");
  }

  @Test
  void anOversizedFileIsRejectedUnread() throws IOException {
    Path file = dir.resolve("large.onnx");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength((64L << 20) + 1);
    }
    String message =
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(file)).getMessage();
    assertEquals(file + ": 67108865 bytes, expected at most 67108864", message);
  }

  @Test
  void aModelTruncatedAnywhereIsRejected() throws IOException {
    byte[] whole = written();
    for (int length = 0; length < whole.length; length++) {
      assertBytesRejected(Arrays.copyOf(whole, length), "");
    }
  }

  @Test
  void aDamagedModelIsReadOrRejectedAndThrowsNothingElse() throws IOException {
    byte[] whole = written();
    Random random = new Random(2);
    Path file = dir.resolve("damaged.onnx");
    int assertRejected = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        WakeModel.read(file);
      } catch (ModelFormatException e) {
        assertRejected++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(assertRejected > 300, "assertRejected=" + assertRejected);
  }

  private byte[] written() throws IOException {
    Path file = dir.resolve("whole.onnx");
    OnnxRoundTripTest.model(TinyNetworks.reading(2).conv(2, 2, 1, 0).gru(2).dense(1).network())
        .write(file);
    return Files.readAllBytes(file);
  }

  private void assertBytesRejected(byte[] bytes, String expected) throws IOException {
    Path file = dir.resolve("bad.onnx");
    Files.write(file, bytes);
    String message =
        assertThrows(ModelFormatException.class, () -> WakeModel.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": " + expected), message);
    assertEquals(1, message.lines().count());
  }

  private static void assertRejected(String expected, GraphProto.Builder graph) {
    String message = assertThrows(ModelFormatException.class, () -> read(graph)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static Network read(GraphProto.Builder graph) throws IOException {
    return OnnxReader.network(model(graph, opset("", 17)).build(), FILE);
  }

  private static ModelProto.Builder model(
      GraphProto.Builder graph, OperatorSetIdProto.Builder... opsets) {
    ModelProto.Builder model = ModelProto.newBuilder().setGraph(graph);
    Arrays.stream(opsets).forEach(model::addOpsetImport);
    return model;
  }

  private static OperatorSetIdProto.Builder opset(String domain, long version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version);
  }

  private static GraphProto.Builder graph(int bins, int words) {
    return GraphProto.newBuilder()
        .addInput(value("features", bins))
        .addOutput(value("posteriors", words));
  }

  private static ValueInfoProto value(String name, int width) {
    return GraphNodes.value(name, 1, "t", width);
  }

  private static NodeProto.Builder node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output);
  }

  private static AttributeProto flag(String name, int value) {
    return GraphNodes.attribute(name, value);
  }
}
