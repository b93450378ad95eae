// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Mel;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.Metadata;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.ReaderFuzzer;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.GraphNodes;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.TensorWriter;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares Rouse with ONNX Runtime on graphs as the exporters of PyTorch and Keras write them. */
public class ForeignGraphTest {
  private static final int FRAMES = 40;
  private static final int BINS = 5;
  private static final int FILTERS = 4;
  private static final int UNITS = 3;
  private static final int WORDS = 2;

  private static final FeatureSpec FEATURES =
      new FeatureSpec(16_000, 400, 160, new Spectrum.LogMel(Mel.of(MelScale.HTK, BINS), 1e-6));

  @TempDir Path folder;

  /** Builds a graph node by node, from the output of the last node. */
  private static final class Writer {
    final GraphNodes nodes = new GraphNodes(GraphProto.newBuilder().setName("foreign"));
    final int opset;
    final Random random = new Random(5);
    String last;
    private int count;

    Writer(int opset) {
      this.opset = opset;
      last = nodes.input("input", "batch", "frames", BINS);
    }

    /** The same with the input's axes in another order. */
    Writer reading(Object... dims) {
      nodes.graph.setInput(0, GraphNodes.value("input", dims));
      return this;
    }

    String name(String op) {
      return "/" + op + "_" + count++;
    }

    /** Adds a node that does not lead to the output. */
    String aside(String op, List<String> inputs, AttributeProto... attributes) {
      return nodes.node(name(op), op, inputs, attributes);
    }

    Writer then(String op, List<String> more, AttributeProto... attributes) {
      List<String> inputs = Stream.concat(Stream.of(last), more.stream()).toList();
      last = aside(op, inputs, attributes);
      return this;
    }

    Writer then(String op, AttributeProto... attributes) {
      return then(op, List.of(), attributes);
    }

    String weights(long... dims) {
      return nodes.floats(name("weights"), values(dims), dims);
    }

    float[] values(long... dims) {
      float[] values = new float[(int) Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.4 * random.nextGaussian());
      }
      return values;
    }

    String integers(long... values) {
      return nodes.integers(name("integers"), values);
    }

    String scalar(long value) {
      nodes.graph.addInitializer(
          TensorProto.newBuilder()
              .setName("scalar_" + value + "_" + count)
              .setDataType(TensorProto.DataType.INT64_VALUE)
              .addInt64Data(value));
      return "scalar_" + value + "_" + count++;
    }

    Writer turned(long... permutation) {
      return then("Transpose", GraphNodes.attribute("perm", permutation));
    }

    /** Adds a Squeeze or Unsqueeze in the form of the opset. */
    String axes(String op, String of, long... axes) {
      return opset < 13
          ? aside(op, List.of(of), GraphNodes.attribute("axes", axes))
          : aside(op, List.of(of, integers(axes)));
    }

    Writer axes(String op, long... axes) {
      last = axes(op, last, axes);
      return this;
    }

    Writer conv() {
      return then(
          "Conv",
          List.of(weights(FILTERS, BINS, 3), weights(FILTERS)),
          GraphNodes.attribute("strides", new long[] {2}),
          GraphNodes.attribute("pads", new long[] {0, 0}),
          GraphNodes.attribute("dilations", new long[] {1}),
          GraphNodes.attribute("group", 1),
          GraphNodes.attribute("kernel_shape", new long[] {3}));
    }

    Writer norm() {
      float[] variance = {0.5f, 1, 2, 0.1f};
      return then(
          "BatchNormalization",
          List.of(
              weights(FILTERS),
              weights(FILTERS),
              weights(FILTERS),
              nodes.floats(name("variance"), variance, FILTERS)),
          GraphNodes.attribute("epsilon", 1e-3f));
    }

    /**
     * Adds a recurrent layer that reads [time, batch, values], with an initial state or "" for
     * none.
     */
    Writer recurrent(String op, int inputs, int directions, String state, AttributeProto... more) {
      int gates = op.equals("GRU") ? 3 : op.equals("LSTM") ? 4 : 1;
      long width = (long) gates * UNITS;
      return recurrent(
          op,
          List.of(
              weights(directions, width, inputs),
              weights(directions, width, UNITS),
              weights(directions, 2 * width)),
          directions,
          state,
          more);
    }

    Writer recurrent(
        String op, List<String> weights, int directions, String state, AttributeProto... more) {
      NodeProto.Builder node =
          NodeProto.newBuilder()
              .setName(name(op))
              .setOpType(op)
              .addInput(last)
              .addAllInput(weights)
              .addInput("")
              .addInput(state)
              .addAttribute(GraphNodes.attribute("hidden_size", UNITS))
              .addAllAttribute(Arrays.asList(more));
      if (op.equals("LSTM")) {
        node.addInput(state);
      }
      if (directions == 2) {
        node.addAttribute(GraphNodes.attribute("direction", "bidirectional"));
      }
      last = node.getName() + "_y";
      nodes.graph.addNode(node.addOutput(last).addOutput(node.getName() + "_h"));
      return this;
    }

    Writer linear(int inputs) {
      then("MatMul", List.of(weights(inputs, WORDS)));
      last = aside("Add", List.of(weights(WORDS), last));
      return this;
    }

    /** Computes the size of a tensor's axis. */
    String size(String tensor, long axis) {
      String shape = aside("Shape", List.of(tensor));
      return aside("Gather", List.of(shape, scalar(axis)), GraphNodes.attribute("axis", 0));
    }

    void sigmoid() {
      then("Sigmoid");
      nodes.output(last, "a", "b", "c");
    }
  }

  static Stream<Arguments> graphs() {
    return Stream.of(
        graph("torch: norm folded, batch first, constant state", 17, ForeignGraphTest::torch),
        graph("torch: norm kept, state of a computed shape", 11, ForeignGraphTest::torchShaped),
        graph("torch: two layers, state expanded and cut", 16, ForeignGraphTest::torchStacked),
        graph("torch: weights turned and gates reordered", 13, ForeignGraphTest::torchUnfolded),
        graph("torch: LSTM in both directions", 15, ForeignGraphTest::torchBidirectional),
        graph("torch: state in and out", 14, ForeignGraphTest::torchStateful),
        graph("torch: RNN, time first, Gemm of rows", 12, ForeignGraphTest::torchRows),
        graph("torch: dynamo, shapes by start and end", 18, ForeignGraphTest::torchDynamo),
        graph("torch: 16-bit weights, cast", 19, ForeignGraphTest::torchHalves),
        graph("torch: 8-bit weights with zero points", 21, ForeignGraphTest::torchBytes),
        graph("torch: batch size of a tensor beside the way", 17, ForeignGraphTest::torchBeside),
        graph("torch: padding computed backwards", 17, ForeignGraphTest::torchPadded),
        graph("torch: gates split, a clip of fixed length", 18, ForeignGraphTest::torchFixed),
        graph(
            "torch: padding by its axis, dilated, one word squeezed",
            18,
            ForeignGraphTest::torchTcn),
        graph("keras: directions cut apart and joined", 13, ForeignGraphTest::kerasDirections),
        graph("keras: Dense of rows whose number is a product", 13, ForeignGraphTest::kerasProduct),
        graph("torch: channels first, in and out", 17, ForeignGraphTest::torchChannels),
        graph("torch: time first, in and out", 17, ForeignGraphTest::torchTimeFirst),
        graph("keras: causal Conv1D in 2-D, norm as factors", 15, ForeignGraphTest::keras),
        graph("keras: reset before the product", 9, ForeignGraphTest::kerasReset),
        graph("keras: normalised input, LSTM, tiled state", 13, ForeignGraphTest::kerasNormalised),
        graph("keras: convolutions alone", 22, ForeignGraphTest::kerasConvolutions));
  }

  private static Arguments graph(String name, int opset, Consumer<Writer> writer) {
    return Arguments.of(Named.of(name, writer), opset);
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void posteriorsMatchOnnxRuntime(Consumer<Writer> graph, int opset) throws Exception {
    Writer writer = new Writer(opset);
    graph.accept(writer);
    check(model(writer), folder.resolve("x.onnx"));
  }

  /** All graphs, with and without metadata, for {@link ReaderFuzzer}. */
  public static List<byte[]> files() {
    List<byte[]> files = new ArrayList<>();
    graphs()
        .forEach(
            arguments -> {
              Writer writer = new Writer((int) arguments.get()[1]);
              @SuppressWarnings("unchecked")
              Consumer<Writer> graph = ((Named<Consumer<Writer>>) arguments.get()[0]).getPayload();
              graph.accept(writer);
              ModelProto model = model(writer);
              files.add(model.toByteArray());
              for (Integer stride : new Integer[] {null, 4}) {
                ModelProto.Builder own = model.toBuilder();
                new Metadata(
                        "x",
                        List.of("a", "b"),
                        FEATURES,
                        TriggerPolicy.DEFAULT,
                        Provenance.NONE,
                        null,
                        null,
                        stride)
                    .addTo(own);
                files.add(own.build().toByteArray());
              }
            });
    return files;
  }

  private static ModelProto model(Writer writer) {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(writer.nodes.graph);
    model.addOpsetImportBuilder().setVersion(writer.opset);
    return model.build();
  }

  private static void check(ModelProto model, Path file) throws IOException, OrtException {
    Files.write(file, model.toByteArray());
    float[][] frames = frames();
    float[][] actual = OnnxReader.read(file).network().forward(frames);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      for (NodeInfo input : session.getInputInfo().values()) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        FloatBuffer values;
        if (input.getName().equals("input")) {
          for (int i = 0; i < 3; i++) {
            shape[i] = shape[i] > 0 ? shape[i] : i == 0 && shape[1] != 1 ? 1 : FRAMES;
          }
          values = laid(frames, shape);
        } else {
          values = FloatBuffer.allocate((int) Arrays.stream(shape).reduce(1, (a, b) -> a * b));
        }
        inputs.put(
            input.getName(),
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        float[][] expected = steps((float[][][]) result.get(0).getValue());
        assertEquals(expected.length, actual.length);
        assertTrue(expected.length >= FRAMES / 2 - 1);
        assertTrue(TinyNetworks.difference(expected, actual) < 1e-5);
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }
  }

  private static FloatBuffer laid(float[][] frames, long[] shape) {
    FloatBuffer values = FloatBuffer.allocate(FRAMES * BINS);
    for (int i = 0; i < values.capacity(); i++) {
      boolean channelsFirst = shape[1] == BINS;
      int frame = channelsFirst ? i % FRAMES : i / BINS;
      values.put(frames[frame][channelsFirst ? i / FRAMES : i % BINS]);
    }
    return values.flip();
  }

  /** Extracts [steps][words] from [1, steps, words], [1, words, steps] or [steps, 1, words]. */
  private static float[][] steps(float[][][] output) {
    if (output.length > 1) {
      return Arrays.stream(output).map(step -> step[0]).toArray(float[][]::new);
    }
    if (output[0].length > WORDS) {
      return output[0];
    }
    float[][] turned = new float[output[0][0].length][WORDS];
    for (int i = 0; i < turned.length; i++) {
      for (int word = 0; word < WORDS; word++) {
        turned[i][word] = output[0][word][i];
      }
    }
    return turned;
  }

  /** Adds nodes that compute a constant of five values. */
  private interface Constant extends Function<Writer, String> {}

  static Stream<Arguments> constants() {
    AttributeProto first = GraphNodes.attribute("axis", 0);
    AttributeProto last = GraphNodes.attribute("axis", -1);
    return Stream.of(
        constant("Neg", 13, w -> w.aside("Neg", List.of(w.weights(BINS)))),
        constant("Sqrt", 13, w -> w.aside("Sqrt", List.of(squares(w)))),
        constant("Reciprocal", 13, w -> w.aside("Reciprocal", List.of(squares(w)))),
        constant("Pow", 13, w -> w.aside("Pow", List.of(squares(w), w.nodes.number("p", -0.5)))),
        constant("Sub", 13, w -> w.aside("Sub", List.of(w.weights(BINS), w.weights(1)))),
        constant("Div", 13, w -> w.aside("Div", List.of(w.weights(BINS), squares(w)))),
        constant("Slice by attributes", 9, ForeignGraphTest::slicedByAttributes),
        constant("Split, old", 11, w -> split(w, GraphNodes.attribute("split", new long[] {2, 5}))),
        constant("Tile", 13, w -> w.aside("Tile", List.of(w.weights(1), w.integers(BINS)))),
        constant("Gather from the end", 13, w -> gathered(w, first, w.integers(-1, -2, 0, 1, 2))),
        constant("Gather a row", 13, w -> gathered2(w, first, w.scalar(1))),
        constant("Where", 13, ForeignGraphTest::chosen),
        constant("Cast to whole numbers", 13, ForeignGraphTest::truncated),
        constant("whole division", 13, ForeignGraphTest::wholeDivision),
        constant("Concat at the end", 13, w -> w.aside("Concat", twoParts(w), last)),
        constant("Transpose, reversed", 13, ForeignGraphTest::reversed),
        constant("value_floats", 13, ForeignGraphTest::listed));
  }

  private static Arguments constant(String name, int opset, Constant constant) {
    return Arguments.of(Named.of(name, constant), opset);
  }

  @ParameterizedTest
  @MethodSource("constants")
  void constantFoldingMatchesOnnxRuntime(Constant constant, int opset) throws Exception {
    Writer writer = new Writer(opset);
    writer.then("Mul", List.of(constant.apply(writer)));
    writer.then("MatMul", List.of(writer.weights(BINS, WORDS))).sigmoid();
    check(model(writer), folder.resolve("x.onnx"));
  }

  private static String squares(Writer w) {
    String some = w.weights(BINS);
    return w.aside("Mul", List.of(some, some));
  }

  private static String slicedByAttributes(Writer w) {
    return w.aside(
        "Slice",
        List.of(w.weights(2 * BINS)),
        GraphNodes.attribute("starts", new long[] {-7}),
        GraphNodes.attribute("ends", new long[] {-2}),
        GraphNodes.attribute("axes", new long[] {0}));
  }

  private static String split(Writer w, AttributeProto sizes) {
    w.nodes.graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Split")
            .addInput(w.weights(BINS + 2))
            .addAllOutput(List.of("two", "five"))
            .addAttribute(sizes));
    return "five";
  }

  private static String gathered(Writer w, AttributeProto axis, String places) {
    return w.aside("Gather", List.of(w.weights(BINS), places), axis);
  }

  private static String gathered2(Writer w, AttributeProto axis, String place) {
    return w.aside("Gather", List.of(w.weights(3, BINS), place), axis);
  }

  private static String chosen(Writer w) {
    String which = w.aside("Equal", List.of(w.integers(1, 2, 3, 4, 5), w.integers(3)));
    return w.aside("Where", List.of(which, w.weights(BINS), w.weights(1)));
  }

  private static String truncated(Writer w) {
    float[] values = {-2.7f, -0.5f, 0.5f, 1.99f, 3};
    String floats = w.nodes.floats("floats", values, BINS);
    String whole = w.aside("Cast", List.of(floats), to(TensorProto.DataType.INT32));
    return w.aside("Cast", List.of(whole), to(TensorProto.DataType.FLOAT));
  }

  private static AttributeProto to(TensorProto.DataType type) {
    return GraphNodes.attribute("to", type.getNumber());
  }

  private static String wholeDivision(Writer w) {
    String whole = w.aside("Div", List.of(w.integers(-7, -1, 1, 7, 9), w.integers(2)));
    return w.aside("Cast", List.of(whole), to(TensorProto.DataType.FLOAT));
  }

  private static List<String> twoParts(Writer w) {
    return List.of(w.weights(1, 2), w.weights(1, 3));
  }

  private static String reversed(Writer w) {
    String turned = w.aside("Transpose", List.of(w.weights(BINS, 1)));
    return w.aside("Reshape", List.of(turned, w.integers(-1)));
  }

  private static String listed(Writer w) {
    AttributeProto.Builder values =
        AttributeProto.newBuilder()
            .setName("value_floats")
            .setType(AttributeProto.AttributeType.FLOATS);
    for (int i = 0; i < BINS; i++) {
      values.addFloats(0.3f * i);
    }
    return w.aside("Constant", List.of(), values.build());
  }

  @Test
  void logitsGetASigmoid() throws IOException {
    Writer writer = new Writer(17);
    writer.then("MatMul", List.of(writer.weights(BINS, WORDS)));
    writer.nodes.output(writer.last, "a", "b", "c");
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    ImportedNetwork imported = OnnxReader.read(file);
    assertTrue(imported.source().endsWith("a sigmoid added at its end"), imported.source());
    assertEquals(2, imported.network().layers().size());
  }

  @Test
  void aSingleWordsAxisMayBeSqueezed() throws IOException {
    Writer writer = new Writer(17);
    writer.then("MatMul", List.of(writer.weights(BINS, 1))).then("Sigmoid").axes("Squeeze", -1);
    writer.nodes.output(writer.last, "a", "b");
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    assertEquals(FRAMES, OnnxReader.read(file).network().forward(frames()).length);
  }

  @Test
  void anExternalTensorIsFoundAnywhereInTheGraph() throws IOException {
    Writer writer = new Writer(17).reading(1, 10, BINS);
    TensorProto.Builder secret = TensorProto.newBuilder().setDataType(1).addDims(2);
    outside(secret, "secret", 0);
    writer.then(
        "Softmax",
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(secret)
            .build());
    writer.nodes.output(writer.last, 1, 10, BINS);
    assertForeignRejected(writer, "external data outside the initializers");
    Writer loop = new Writer(17).reading(1, 10, BINS);
    loop.then("Loop", GraphNodes.attribute("body", GraphProto.newBuilder()));
    loop.nodes.output(loop.last, 1, 10, BINS);
    assertForeignRejected(loop, "(op Loop) contains a subgraph");
  }

  @Test
  void graphsThatCouldExhaustMemoryAreRejected() throws IOException {
    Writer numbers = new Writer(17);
    ByteString packed = ByteString.copyFrom(new byte[(1 << 23) + 1]);
    UnknownFieldSet dims =
        UnknownFieldSet.newBuilder()
            .addField(1, UnknownFieldSet.Field.newBuilder().addLengthDelimited(packed).build())
            .build();
    numbers.nodes.graph.addInitializer(TensorProto.newBuilder().setUnknownFields(dims));
    numbers.then("Relu").sigmoid();
    assertRejected(numbers, "bytes of packed integers");
    Writer axes = new Writer(17);
    axes.axes("Unsqueeze", 0, 1, 2, 3, 4, 5, 6, 7, 8).sigmoid();
    assertRejected(axes, "12 axes, expected at most 8");
    Writer wide = new Writer(17).reading("batch", "frames", 1 << 20);
    for (int i = 0; i < 10; i++) {
      wide.then("Mul", List.of(wide.nodes.number("half", 0.5)));
    }
    wide.sigmoid();
    assertRejected(wide, "more than 16777216 parameters");
    Writer apart = new Writer(17).reading("batch", 1 << 10, "frames");
    apart.then(
        "Conv",
        List.of(apart.weights(1 << 10, 1 << 10, 2)),
        GraphNodes.attribute("dilations", new long[] {4000}));
    apart.sigmoid();
    assertRejected(apart, "dilations=[4000], supported: up to 4194304 weights");
  }

  @Test
  void aWindowClassifierDetectsThroughOnnxRuntime() throws Exception {
    Writer writer = new Writer(17).reading("batch", 10, BINS);
    writer.then("Flatten").then("Gemm", List.of(writer.weights(10 * BINS, WORDS)));
    writer.then("Softmax");
    writer.nodes.output(writer.last, "batch", WORDS);
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    assertThrows(ModelFormatException.class, () -> OnnxReader.read(file));
    assertThrows(ModelFormatException.class, () -> ForeignReader.read(file, 11));
    WakeModel imported = imported(file, 4);
    imported.write(folder.resolve("y.onnx"));
    WakeModel model = WakeModel.read(folder.resolve("y.onnx"));
    assertEquals(imported.weightsSha256(), model.weightsSha256());
    assertEquals(imported.weightsSha256(), model.provenance().facts().get(Provenance.WEIGHTS));
    float[][] frames = frames();
    float[][] all = model.forward(frames);
    assertEquals(1 + (FRAMES - 10) / 4, all.length);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      for (int step = 0; step < all.length; step++) {
        FloatBuffer window = FloatBuffer.allocate(10 * BINS);
        for (int frame = 4 * step; frame < 4 * step + 10; frame++) {
          window.put(frames[frame]);
        }
        long[] shape = {1, 10, BINS};
        try (OnnxTensor in =
                OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), window.flip(), shape);
            OrtSession.Result result = session.run(Map.of("input", in))) {
          float[] expected = ((float[][]) result.get(0).getValue())[0];
          assertEquals(expected[0], all[step][0], 1e-6);
          assertEquals(expected[1], all[step][1], 1e-6);
        }
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> model.export(file, WeightType.FP32, true, true));
    assertThrows(IllegalArgumentException.class, () -> model.write(file, WeightType.INT8));
  }

  @Test
  void aForeignStreamingGraphCarriesItsStates() throws IOException {
    Writer writer = new Writer(17).reading(1, 2, BINS);
    String state = writer.nodes.input("h0", 1, 1, UNITS);
    writer.turned(1, 0, 2).recurrent("GRU", BINS, 1, state);
    String end = writer.last.replace("_y", "_h");
    writer.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).then("Sigmoid").then("HardSwish");
    writer.nodes.output(writer.last, 1, 2, WORDS);
    writer.nodes.output(end, 1, 1, UNITS);
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    WakeModel model = imported(file, 1);
    float[][] frames = frames();
    float[][] all = model.forward(frames);
    assertEquals(FRAMES / 2, all.length);
    assertEquals(all[0][0], model.forward(frames)[0][0], "streams share no state");
    float[][] later = model.forward(Arrays.copyOfRange(frames, 2, FRAMES));
    assertTrue(Math.abs(later[0][0] - all[1][0]) > 1e-5, "what came before is remembered");
  }

  @Test
  void graphsWithoutAWindowInputAreRejected() throws IOException {
    Writer anyLength = new Writer(17);
    anyLength.then("Softmax").sigmoid();
    assertForeignRejected(
        anyLength, "'input' [1, 0, 5], expected floats and a fixed size for every axis");
    Writer broken = new Writer(17).reading(1, 8, BINS);
    broken.then("Softmax", List.of("nowhere"));
    broken.nodes.output(broken.last, 1, 8, BINS);
    assertForeignRejected(broken, "ONNX Runtime: ");
    Writer huge = new Writer(17).reading(1, 1 << 30, 1 << 30);
    huge.then("Softmax");
    huge.nodes.output(huge.last, 1, 2, BINS);
    assertForeignRejected(huge, "expected floats and a fixed size");
  }

  private void assertForeignRejected(Writer writer, String expected) throws IOException {
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    String message =
        assertThrows(ModelFormatException.class, () -> ForeignReader.read(file, 8)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static WakeModel imported(Path file, int every) throws IOException {
    return new WakeModel(
        "x",
        List.of("a", "b"),
        FEATURES,
        TriggerPolicy.DEFAULT,
        ForeignReader.read(file, every).network(),
        Provenance.NONE);
  }

  private static float[][] frames() {
    Random random = new Random(6);
    float[][] frames = new float[FRAMES][BINS];
    for (float[] frame : frames) {
      for (int i = 0; i < BINS; i++) {
        frame[i] = (float) random.nextGaussian();
      }
    }
    return frames;
  }

  @Test
  void damagedGraphsAreReadOrRejectedAndThrowNothingElse() throws IOException {
    Path file = folder.resolve("x.onnx");
    ReaderFuzzer fuzzer = new ReaderFuzzer(files(), 1, file);
    for (int i = 0; i < 3000; i++) {
      fuzzer.next();
    }
    assertTrue(fuzzer.accepted() > 100 && fuzzer.accepted() < 2500, "" + fuzzer.accepted());
  }

  @Test
  void weightsMayLieInAFileBesideTheModel() throws Exception {
    Writer writer = new Writer(17);
    torch(writer);
    GraphProto.Builder graph = writer.nodes.graph;
    ByteString all = ByteString.EMPTY;
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
        outside(tensor, "x.onnx.data", all.size());
        all = all.concat(tensor.getRawData());
        tensor.clearRawData();
      }
    }
    Files.write(folder.resolve("x.onnx.data"), all.toByteArray());
    check(model(writer), folder.resolve("x.onnx"));
  }

  private static void outside(TensorProto.Builder tensor, String file, long offset) {
    tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalDataBuilder().setKey("location").setValue(file);
    tensor.addExternalDataBuilder().setKey("offset").setValue("" + offset);
    tensor.addExternalDataBuilder().setKey("length").setValue("" + tensor.getRawData().size());
  }

  @Test
  void onlyFilesInTheModelsFolderAreRead() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.write(folder.resolve("secret"), new byte[1000]);
    Files.createSymbolicLink(inner.resolve("link"), folder.resolve("secret"));
    Files.write(inner.resolve("short"), new byte[7]);
    for (String location :
        List.of(
            "../secret",
            folder.resolve("secret").toString(),
            "link",
            "",
            ".",
            "..",
            "absent",
            "short",
            "/",
            "a\0b")) {
      Writer writer = new Writer(17);
      torch(writer);
      outside(writer.nodes.graph.getInitializerBuilder(1), location, 0);
      Path file = inner.resolve("x.onnx");
      Files.write(file, model(writer).toByteArray());
      String message =
          assertThrows(ModelFormatException.class, () -> OnnxReader.read(file)).getMessage();
      assertTrue(message.contains("external data: "), message);
    }
  }

  @Test
  void hugeConstantsAreRejectedBeforeTheyAreComputed() throws IOException {
    for (long[] shape : new long[][] {{1L << 40}, {1 << 20, 1 << 20}, {-1}, {1 << 15, 1 << 15}}) {
      Writer writer = new Writer(17);
      writer.then("Add", List.of(writer.aside("ConstantOfShape", List.of(writer.integers(shape)))));
      writer.sigmoid();
      assertRejected(writer, "(op ConstantOfShape)");
    }
    Writer many = new Writer(17);
    String two = many.aside("ConstantOfShape", List.of(many.integers(1 << 21)));
    for (int i = 0; i < 40; i++) {
      two = many.aside("Mul", List.of(two, two));
    }
    many.then("Add", List.of(two)).sigmoid();
    assertRejected(many, "computes constants of more than");
  }

  @Test
  void unsupportedNodesAreRejectedByName() throws IOException {
    Writer skip = new Writer(17);
    skip.then("Relu");
    skip.then("Add", List.of("input")).sigmoid();
    assertRejected(skip, "(op Add): reads 'input', supported: one tensor");
    Writer frames = new Writer(17);
    String time = frames.axes("Unsqueeze", frames.size("input", 1), 0);
    frames.then("Mul", List.of(frames.aside("ConstantOfShape", List.of(time)))).sigmoid();
    assertRejected(frames, "(op ConstantOfShape)");
    Writer state = new Writer(17);
    state.then("Add", List.of(state.nodes.input("h0", 1, 1, BINS))).sigmoid();
    assertRejected(state, "reads 'h0', supported: one tensor");
    Writer joined = new Writer(17).reading("frames", 1, BINS);
    String zeroAndMore =
        joined.aside(
            "Concat",
            List.of(joined.nodes.input("h0", 1, 1, 1), joined.weights(1, 1, UNITS - 1)),
            GraphNodes.attribute("axis", 2));
    joined.recurrent("GRU", BINS, 1, zeroAndMore).axes("Squeeze", 1).linear(UNITS).sigmoid();
    assertRejected(joined, "(op Concat): reads 'h0', supported: one tensor");
    Writer half = new Writer(17);
    half.turned(1, 0, 2).recurrent("GRU", BINS, 2, "");
    half.then("Slice", List.of(half.integers(0), half.integers(1), half.integers(1)));
    half.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
    assertRejected(half, "(op MatMul): reads one direction of a bidirectional layer alone");
    Writer twice = new Writer(17);
    twice.then("Relu");
    twice.then("Concat", List.of(twice.last), GraphNodes.attribute("axis", 2)).sigmoid();
    assertRejected(twice, "(op Concat): concatenates anything but both directions of one layer");
    Writer counted = new Writer(17);
    String forty = counted.aside("Equal", List.of(counted.size("input", 1), counted.scalar(40)));
    counted.then(
        "Mul", List.of(counted.aside("Cast", List.of(forty), to(TensorProto.DataType.FLOAT))));
    counted.sigmoid();
    assertRejected(counted, "(op Equal): depends on how many frames there are");
    Writer future = new Writer(17);
    future.then("Pad", List.of(future.integers(0, 2, 0, 0, 2, 0))).sigmoid();
    assertRejected(future, "pads=[0, 2, 0, 0, 2, 0], supported: frames before");
    Writer padded = new Writer(17);
    padded.then("Pad", List.of(padded.integers(0, 2, 0, 0, 0, 0))).sigmoid();
    assertRejected(padded, "reads a padded tensor, supported only for Conv");
    Writer last = new Writer(17);
    last.turned(1, 0, 2).recurrent("GRU", BINS, 1, "");
    last.last = last.last.replace("_y", "_h");
    last.linear(UNITS).sigmoid();
    assertRejected(last, "(op MatMul): reads '/GRU_4_h', supported: one tensor");
  }

  private void assertRejected(Writer writer, String expected) throws IOException {
    Path file = folder.resolve("x.onnx");
    Files.write(file, model(writer).toByteArray());
    String message =
        assertThrows(ModelFormatException.class, () -> OnnxReader.read(file)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  private static void torch(Writer w) {
    String state = w.nodes.floats("state", new float[UNITS], 1, 1, UNITS);
    w.turned(0, 2, 1).conv().then("Relu").turned(0, 2, 1).turned(1, 0, 2);
    w.recurrent("GRU", FILTERS, 1, state, GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  private static void torchShaped(Writer w) {
    w.turned(0, 2, 1).conv().norm().then("Relu").turned(2, 0, 1);
    String batch = w.axes("Unsqueeze", w.size(w.last, 1), 0);
    String shape =
        w.aside(
            "Concat",
            List.of(w.integers(1), batch, w.integers(UNITS)),
            GraphNodes.attribute("axis", 0));
    w.recurrent(
        "GRU",
        FILTERS,
        1,
        w.aside("ConstantOfShape", List.of(shape)),
        GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  private static void torchStacked(Writer w) {
    w.turned(0, 2, 1).conv().then("Relu").turned(0, 2, 1);
    String batch = w.axes("Unsqueeze", w.size(w.last, 0), 0);
    w.turned(1, 0, 2);
    AttributeProto first = GraphNodes.attribute("axis", 0);
    String wanted = w.aside("Concat", List.of(w.integers(2), batch, w.integers(UNITS)), first);
    String ones = w.aside("ConstantOfShape", List.of(w.integers(3)), one());
    String unknown =
        w.aside("Equal", List.of(wanted, w.aside("Mul", List.of(ones, w.integers(-1)))));
    String shape = w.aside("Where", List.of(unknown, ones, wanted));
    String zeros = w.nodes.floats("zeros", new float[UNITS], 1, 1, UNITS);
    String states = w.aside("Expand", List.of(zeros, shape));
    twoLayers(w, states);
    w.turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  /** Adds two GRUs, each with its slice of the states; returns their output. */
  private static List<String> twoLayers(Writer w, String states) {
    List<String> ends = new ArrayList<>();
    for (int layer = 0; layer < 2; layer++) {
      String state =
          w.aside(
              "Slice", List.of(states, w.integers(layer), w.integers(layer + 1L), w.integers(0)));
      int inputs = layer == 0 ? FILTERS : UNITS;
      w.recurrent("GRU", inputs, 1, state, GraphNodes.attribute("linear_before_reset", 1));
      ends.add(w.last.replace("_y", "_h"));
      w.axes("Squeeze", 1);
    }
    return ends;
  }

  private static AttributeProto one() {
    return AttributeProto.newBuilder()
        .setName("value")
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(TensorWriter.integers("", 1))
        .build();
  }

  private static void torchUnfolded(Writer w) {
    w.turned(1, 0, 2);
    List<String> weights =
        List.of(
            w.axes("Unsqueeze", reordered(w, w.weights(3 * UNITS, BINS)), 0),
            w.axes("Unsqueeze", reordered(w, w.weights(3 * UNITS, UNITS)), 0),
            w.axes(
                "Unsqueeze",
                w.aside(
                    "Concat",
                    List.of(reordered(w, w.weights(3 * UNITS)), reordered(w, w.weights(3 * UNITS))),
                    GraphNodes.attribute("axis", -1)),
                0));
    w.recurrent("GRU", weights, 1, "", GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2);
    String turned =
        w.aside(
            "Transpose",
            List.of(w.weights(WORDS, UNITS)),
            GraphNodes.attribute("perm", new long[] {1, 0}));
    w.then("MatMul", List.of(turned)).then("Add", List.of(w.weights(WORDS))).sigmoid();
  }

  /** Reorders PyTorch's gates r, z, n to ONNX's z, r, h. */
  private static String reordered(Writer w, String weights) {
    String[] gates = new String[3];
    for (int gate = 0; gate < 3; gate++) {
      gates[gate] =
          w.aside(
              "Slice",
              List.of(
                  weights,
                  w.integers((long) gate * UNITS),
                  w.integers(gate == 2 ? Long.MAX_VALUE : (gate + 1L) * UNITS),
                  w.integers(0)));
    }
    return w.aside(
        "Concat", List.of(gates[1], gates[0], gates[2]), GraphNodes.attribute("axis", 0));
  }

  private static void torchBidirectional(Writer w) {
    w.turned(0, 2, 1).conv().then("Relu").turned(2, 0, 1);
    w.recurrent("LSTM", FILTERS, 2, w.nodes.floats("state", new float[2 * UNITS], 2, 1, UNITS));
    w.turned(0, 2, 1, 3).then("Reshape", List.of(w.integers(0, 0, -1)));
    w.turned(1, 0, 2).linear(2 * UNITS).sigmoid();
  }

  private static void torchStateful(Writer w) {
    String state = w.nodes.input("h0", 2, 1, UNITS);
    w.turned(0, 2, 1).conv().then("Relu").turned(2, 0, 1);
    String end = w.aside("Concat", twoLayers(w, state), GraphNodes.attribute("axis", 0));
    w.turned(1, 0, 2).linear(UNITS).sigmoid();
    w.nodes.output(end, 2, 1, UNITS);
  }

  private static void torchRows(Writer w) {
    w.turned(0, 2, 1).conv().then("Tanh").turned(2, 0, 1);
    w.recurrent("RNN", FILTERS, 1, "").axes("Squeeze", 1);
    String time = w.size(w.last, 0);
    w.then("Reshape", List.of(w.integers(-1, UNITS)));
    w.then(
        "Gemm",
        List.of(w.weights(WORDS, UNITS), w.weights(WORDS)),
        GraphNodes.attribute("transB", 1),
        GraphNodes.attribute("alpha", 1f),
        GraphNodes.attribute("beta", 1f));
    String shape =
        w.aside(
            "Concat",
            List.of(w.axes("Unsqueeze", time, 0), w.integers(1), w.integers(WORDS)),
            GraphNodes.attribute("axis", 0));
    w.then("Reshape", List.of(shape)).turned(1, 0, 2).sigmoid();
  }

  private static void torchDynamo(Writer w) {
    w.turned(0, 2, 1).conv().then("Relu").turned(2, 0, 1);
    String batch =
        w.aside(
            "Shape",
            List.of(w.last),
            GraphNodes.attribute("start", 1),
            GraphNodes.attribute("end", 2));
    String shape =
        w.aside(
            "Concat",
            List.of(w.integers(1), batch, w.integers(UNITS)),
            GraphNodes.attribute("axis", 0));
    String zero = w.nodes.floats("zero", new float[1], 1);
    w.recurrent(
        "GRU",
        FILTERS,
        1,
        w.aside("Expand", List.of(zero, shape)),
        GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2).then("Identity");
    w.then("Dropout", List.of(w.nodes.number("ratio", 0.1))).linear(UNITS).sigmoid();
  }

  private static void torchHalves(Writer w) {
    w.turned(0, 2, 1);
    w.then("Conv", List.of(half(w, FILTERS, BINS, 3), half(w, FILTERS))).then("Relu");
    w.turned(2, 0, 1);
    w.recurrent(
        "GRU",
        List.of(
            half(w, 1, 3 * UNITS, FILTERS), half(w, 1, 3 * UNITS, UNITS), half(w, 1, 6 * UNITS)),
        1,
        "");
    w.axes("Squeeze", 1).turned(1, 0, 2);
    w.then("Cast", GraphNodes.attribute("to", TensorProto.DataType.FLOAT_VALUE));
    w.then("MatMul", List.of(half(w, UNITS, WORDS))).sigmoid();
  }

  private static String half(Writer w, long... dims) {
    String name = w.name("half");
    w.nodes.graph.addInitializer(TensorWriter.halves(name, w.values(dims), dims));
    return w.aside(
        "Cast", List.of(name), GraphNodes.attribute("to", TensorProto.DataType.FLOAT_VALUE));
  }

  private static void torchBytes(Writer w) {
    w.turned(1, 0, 2);
    w.recurrent("GRU", List.of(bytes(w, 1, 3 * UNITS, BINS), bytes(w, 1, 3 * UNITS, UNITS)), 1, "");
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  /** Unsigned bytes, with a zero point and scale per index of axis 1. */
  private static String bytes(Writer w, long... dims) {
    byte[] values = new byte[(int) (dims[0] * dims[1] * dims[2])];
    new Random(3).nextBytes(values);
    byte[] zeros = new byte[(int) dims[1]];
    Arrays.fill(zeros, (byte) 130);
    float[] scales = new float[zeros.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.005f + 0.001f * i;
    }
    String name = w.name("bytes");
    w.nodes.graph.addInitializer(unsigned(name, values, dims));
    w.nodes.graph.addInitializer(unsigned(name + "_zero", zeros, zeros.length));
    return w.aside(
        "DequantizeLinear",
        List.of(name, w.nodes.floats(name + "_scale", scales, scales.length), name + "_zero"),
        GraphNodes.attribute("axis", 1));
  }

  private static TensorProto unsigned(String name, byte[] values, long... dims) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.UINT8_VALUE)
        .addAllDims(Arrays.stream(dims).boxed().toList())
        .setRawData(ByteString.copyFrom(values))
        .build();
  }

  /** As when PyTorch merges two Transposes but reads the shape between them. */
  private static void torchBeside(Writer w) {
    w.turned(0, 2, 1).conv().then("Relu");
    String relu = w.last;
    String batch = w.axes("Unsqueeze", w.turned(0, 2, 1).size(w.last, 0), 0);
    String shape =
        w.aside(
            "Concat",
            List.of(w.integers(1), batch, w.integers(UNITS)),
            GraphNodes.attribute("axis", 0));
    String zero = w.nodes.floats("zero", new float[1], 1);
    String state = w.aside("Expand", List.of(zero, shape));
    w.last = relu;
    w.turned(2, 0, 1);
    w.recurrent("GRU", FILTERS, 1, state, GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  /** As when PyTorch converts padding, listed last axis first, to ONNX's order. */
  private static void torchPadded(Writer w) {
    String given = w.integers(2, 0);
    String length = w.aside("Shape", List.of(given));
    String missing = w.aside("Sub", List.of(w.integers(6), length));
    AttributeProto zero =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(TensorWriter.integers("", 0))
            .build();
    String zeros = w.aside("ConstantOfShape", List.of(missing), zero);
    String all = w.aside("Concat", List.of(given, zeros), GraphNodes.attribute("axis", 0));
    String pairs = w.aside("Reshape", List.of(all, w.integers(-1, 2)));
    String backwards =
        w.aside(
            "Slice",
            List.of(
                pairs, w.integers(-1), w.integers(-Long.MAX_VALUE), w.integers(0), w.integers(-1)));
    String turned =
        w.aside("Transpose", List.of(backwards), GraphNodes.attribute("perm", new long[] {1, 0}));
    String pads = w.aside("Reshape", List.of(turned, w.integers(-1)));
    w.turned(0, 2, 1).then("Pad", List.of(pads)).conv().then("Relu").turned(0, 2, 1);
    w.then("MatMul", List.of(w.weights(FILTERS, WORDS))).sigmoid();
  }

  private static void torchFixed(Writer w) {
    w.reading(1, FRAMES, BINS).turned(1, 0, 2);
    String gates = w.weights(3, 3 * UNITS, UNITS);
    w.nodes.graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Split")
            .addInput(gates)
            .addAllOutput(List.of("r0", "r1", "r2"))
            .addAttribute(GraphNodes.attribute("num_outputs", 3)));
    w.recurrent(
        "GRU",
        List.of(w.weights(1, 3 * UNITS, BINS), "r1", w.weights(1, 6 * UNITS)),
        1,
        "",
        GraphNodes.attribute("linear_before_reset", 1));
    w.turned(0, 2, 1, 3).then("Reshape", List.of(w.integers(FRAMES, 1, UNITS)));
    w.turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  private static void torchTcn(Writer w) {
    w.turned(0, 2, 1);
    w.then("Pad", List.of(w.integers(4, 0), "", w.integers(-1)));
    w.then(
            "Conv",
            List.of(w.weights(FILTERS, BINS, 3)),
            GraphNodes.attribute("dilations", new long[] {2}))
        .then("Relu");
    w.then("Conv", List.of(w.weights(WORDS, FILTERS, 1))).turned(0, 2, 1);
    w.axes("Squeeze", 0).axes("Unsqueeze", 0).sigmoid();
  }

  private static void kerasDirections(Writer w) {
    w.turned(1, 0, 2).recurrent("LSTM", BINS, 2, "");
    String both = w.last;
    String[] halves = new String[2];
    for (int half = 0; half < 2; half++) {
      w.last = both;
      w.then("Slice", List.of(w.integers(half), w.integers(half + 1L), w.integers(1)));
      halves[half] = w.axes("Squeeze", 1).turned(1, 0, 2).last;
    }
    w.last = w.aside("Concat", List.of(halves), GraphNodes.attribute("axis", -1));
    w.linear(2 * UNITS).sigmoid();
  }

  private static void kerasProduct(Writer w) {
    w.turned(1, 0, 2).recurrent("GRU", BINS, 1, "").axes("Squeeze", 1).turned(1, 0, 2);
    String shape = w.aside("Shape", List.of(w.last));
    AttributeProto first = GraphNodes.attribute("axis", 0);
    String free = w.aside("Gather", List.of(shape, w.integers(0, 1)), first);
    String rows = w.axes("Unsqueeze", w.aside("ReduceProd", List.of(free), keepDims()), 0);
    String flat = w.aside("Concat", List.of(rows, w.integers(UNITS)), first);
    w.then("Reshape", List.of(flat)).then("MatMul", List.of(w.weights(UNITS, WORDS)));
    String back = w.aside("Concat", List.of(free, w.integers(WORDS)), first);
    w.then("Reshape", List.of(back)).then("Add", List.of(w.weights(WORDS))).sigmoid();
  }

  private static AttributeProto keepDims() {
    return GraphNodes.attribute("keepdims", 0);
  }

  private static void torchChannels(Writer w) {
    w.reading("batch", BINS, "frames").conv().norm().then("Relu");
    w.then("Conv", List.of(w.weights(WORDS, FILTERS, 1))).sigmoid();
  }

  private static void torchTimeFirst(Writer w) {
    w.reading("frames", 1, BINS).recurrent("GRU", BINS, 1, "").axes("Squeeze", 1);
    w.linear(UNITS).sigmoid();
  }

  private static void keras(Writer w) {
    w.then("Pad", List.of(w.integers(0, 2, 0, 0, 0, 0))).turned(0, 2, 1).axes("Unsqueeze", 2);
    w.then(
        "Conv",
        List.of(w.weights(FILTERS, BINS, 1, 3)),
        GraphNodes.attribute("kernel_shape", new long[] {1, 3}),
        GraphNodes.attribute("strides", new long[] {1, 2}),
        GraphNodes.attribute("auto_pad", "VALID"));
    w.then("Add", List.of(w.weights(1, FILTERS, 1, 1))).axes("Squeeze", 2).turned(0, 2, 1);
    w.then("Mul", List.of(w.weights(FILTERS))).then("Add", List.of(w.weights(1, 1, FILTERS)));
    w.then("Relu");
    String batch = w.axes("Unsqueeze", w.size(w.last, 0), 0);
    String shape =
        w.aside("Concat", List.of(batch, w.integers(UNITS)), GraphNodes.attribute("axis", 0));
    String zero = w.nodes.floats("zero", new float[1], 1, 1);
    String state = w.axes("Unsqueeze", w.aside("Expand", List.of(zero, shape)), 0);
    w.turned(1, 0, 2);
    w.recurrent("GRU", FILTERS, 1, state, GraphNodes.attribute("linear_before_reset", 1));
    w.axes("Squeeze", 1).turned(1, 0, 2);
    String time = w.axes("Unsqueeze", w.size(w.last, 1), 0);
    w.then("Reshape", List.of(w.integers(-1, UNITS))).linear(UNITS);
    String rows =
        w.aside(
            "Concat",
            List.of(w.integers(-1), time, w.integers(WORDS)),
            GraphNodes.attribute("axis", 0));
    w.then("Reshape", List.of(rows)).sigmoid();
  }

  private static void kerasReset(Writer w) {
    w.turned(0, 2, 1).conv().norm().then("Relu").turned(2, 0, 1);
    w.recurrent("GRU", FILTERS, 1, "", GraphNodes.attribute("linear_before_reset", 0));
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  private static void kerasNormalised(Writer w) {
    float[] deviation = {1, 2, 0.5f, 3, 4};
    w.then("Sub", List.of(w.weights(1, 1, BINS)));
    w.then("Div", List.of(w.nodes.floats("deviation", deviation, 1, 1, BINS)));
    w.then("Mul", List.of(w.nodes.number("half", 0.5))).turned(1, 0, 2);
    String state =
        w.aside(
            "Tile",
            List.of(w.nodes.floats("zero", new float[1], 1, 1, 1), w.integers(1, 1, UNITS)));
    w.recurrent("LSTM", BINS, 1, state);
    w.axes("Squeeze", 1).turned(1, 0, 2).linear(UNITS).sigmoid();
  }

  private static void kerasConvolutions(Writer w) {
    w.turned(0, 2, 1).conv().then("Relu");
    w.then("Conv", List.of(w.weights(WORDS, FILTERS, 1), w.weights(WORDS))).turned(0, 2, 1);
    w.sigmoid();
  }
}
