// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.github.rouse.nn.AttentionDecoder;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One step of an {@link AttentionDecoder} as an ONNX graph, for any number of hypotheses. Inputs:
 * {@code encoded} [1, letters, encoded], {@code previous} [hypotheses, symbols], 1 at the previous
 * symbol, and {@code state} [hypotheses, units], zeros at first. Outputs: {@code log_probabilities}
 * [hypotheses, symbols], {@code next_state} and {@code attention} [hypotheses, letters].
 */
public final class DecoderGraph {
  private static final String KEYS = "key_weights";
  private static final String BIAS = "attention_bias";
  private static final String QUERY = "query_weights";
  private static final String SCORER = "scorer";
  private static final String INPUT = "gru_W"; // [1][3 * units][symbols + encoded]
  private static final String RECURRENT = "gru_R"; // [1][3 * units][units]
  private static final String GRU_BIAS = "gru_B"; // [1][6 * units]
  private static final String OUTPUT = "output_weights";
  private static final String OUTPUT_BIAS = "output_bias";

  private DecoderGraph() {}

  /** Builds the graph, without metadata. */
  public static ModelProto write(AttentionDecoder decoder, WeightType type) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("rouse");
    GraphNodes nodes = new GraphNodes(graph);
    weights(decoder, new LayerNodes(graph, "", type));
    String first = nodes.integers("axis_0", 0);
    String second = nodes.integers("axis_1", 1);
    String keys = nodes.node("keys", "MatMul", List.of("encoded", KEYS));
    String biased = nodes.node("keys_add_bias", "Add", List.of(keys, BIAS));
    String query = nodes.node("query", "MatMul", List.of("state", QUERY));
    String asked = nodes.node("query_row", "Unsqueeze", List.of(query, second));
    String sum = nodes.node("key_query", "Add", List.of(biased, asked));
    String match = nodes.node("match", "Tanh", List.of(sum));
    String scores = nodes.node("scores", "MatMul", List.of(match, SCORER));
    String shares =
        nodes.node("shares", "Softmax", List.of(scores), GraphNodes.attribute("axis", 1));
    nodes.node("attention", "Squeeze", List.of(shares, nodes.integers("axis_2", 2)));
    String weighted = nodes.node("weighted", "Mul", List.of(shares, "encoded"));
    String context =
        nodes.node(
            "context", "ReduceSum", List.of(weighted, second), GraphNodes.attribute("keepdims", 0));
    String read =
        nodes.node("read", "Concat", List.of("previous", context), GraphNodes.attribute("axis", 1));
    String in = nodes.node("gru_in", "Unsqueeze", List.of(read, first));
    String before = nodes.node("gru_state", "Unsqueeze", List.of("state", first));
    String gru =
        nodes.node(
            "gru",
            "GRU",
            List.of(in, INPUT, RECURRENT, GRU_BIAS, "", before),
            GraphNodes.attribute("hidden_size", decoder.units()),
            GraphNodes.attribute("linear_before_reset", 1));
    nodes.node("next_state", "Squeeze", List.of(gru, nodes.integers("axes_0_1", 0, 1)));
    String joined =
        nodes.node(
            "joined", "Concat", List.of("next_state", context), GraphNodes.attribute("axis", 1));
    String product = nodes.node("output", "MatMul", List.of(joined, OUTPUT));
    String logits = nodes.node("logits", "Add", List.of(product, OUTPUT_BIAS));
    nodes.node("log_probabilities", "LogSoftmax", List.of(logits), GraphNodes.attribute("axis", 1));
    nodes.input("encoded", 1, "letters", decoder.encoded());
    nodes.input("previous", "hypotheses", decoder.symbols());
    nodes.input("state", "hypotheses", decoder.units());
    nodes.output("log_probabilities", "hypotheses", decoder.symbols());
    nodes.output("next_state", "hypotheses", decoder.units());
    nodes.output("attention", "hypotheses", "letters");
    return OnnxWriter.model(graph);
  }

  private static void weights(AttentionDecoder decoder, LayerNodes nodes) {
    int attention = decoder.scorer().length;
    int units = decoder.units();
    Gru gru = decoder.gru();
    nodes.matrix(KEYS, 1, OnnxWriter.flat(decoder.keyWeights()), decoder.encoded(), attention);
    nodes.weights(BIAS, decoder.attentionBias(), attention);
    nodes.matrix(QUERY, 1, OnnxWriter.flat(decoder.queryWeights()), units, attention);
    nodes.weights(SCORER, decoder.scorer(), attention, 1);
    nodes.matrix(INPUT, 1, transposed(gru.inputWeights()), 1, 3L * units, gru.inputs());
    nodes.matrix(RECURRENT, 1, transposed(gru.recurrentWeights()), 1, 3L * units, units);
    float[] bias = new float[6 * units];
    System.arraycopy(gru.inputBias(), 0, bias, 0, 3 * units);
    System.arraycopy(gru.recurrentBias(), 0, bias, 3 * units, 3 * units);
    nodes.weights(GRU_BIAS, bias, 1, bias.length);
    Dense output = decoder.output();
    nodes.matrix(OUTPUT, 1, OnnxWriter.flat(output.weights()), output.inputs(), output.outputs());
    nodes.weights(OUTPUT_BIAS, output.bias(), output.outputs());
  }

  private static float[] transposed(float[][] rows) {
    int columns = rows[0].length;
    float[] flat = new float[rows.length * columns];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns; c++) {
        flat[c * rows.length + r] = rows[r][c];
      }
    }
    return flat;
  }

  /**
   * Reads the decoder of a graph that {@link #write} made.
   *
   * @throws ModelFormatException if a weight is missing or has another shape
   */
  public static AttentionDecoder read(ModelProto model, Path path) throws ModelFormatException {
    Constants constants = new Constants(model.getGraph());
    try {
      for (NodeProto node : model.getGraph().getNodeList()) {
        if (node.getOpType().equals("Cast") || node.getOpType().equals("DequantizeLinear")) {
          ConstantFolding.fold(new OnnxNode(node, constants));
        }
      }
      Tensor keys = matrix(constants, KEYS);
      int encoded = keys.dims()[0];
      int attention = keys.dims()[1];
      int units = matrix(constants, QUERY).dims()[0];
      int symbols = matrix(constants, OUTPUT).dims()[1];
      int width = 3 * units;
      int inputs = symbols + encoded;
      float[] bias = tensor(constants, GRU_BIAS, 1, 2 * width).values();
      return new AttentionDecoder(
          keys.rows(attention),
          tensor(constants, BIAS, attention).values(),
          tensor(constants, QUERY, units, attention).rows(attention),
          tensor(constants, SCORER, attention, 1).values(),
          new Gru(
              Gru.Reset.AFTER,
              tensor(constants, INPUT, 1, width, inputs).columnsAsRows(0, width, inputs),
              tensor(constants, RECURRENT, 1, width, units).columnsAsRows(0, width, units),
              Arrays.copyOf(bias, width),
              Arrays.copyOfRange(bias, width, 2 * width)),
          new Dense(
              tensor(constants, OUTPUT, units + encoded, symbols).rows(symbols),
              tensor(constants, OUTPUT_BIAS, symbols).values()));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "decoder", e.getMessage(), e);
    }
  }

  private static Tensor matrix(Constants constants, String name) {
    if (!constants.has(name)) {
      throw new IllegalArgumentException("no weights '" + name + "'");
    }
    Tensor tensor = constants.get(name).floats(name);
    if (tensor.dims().length != 2 || tensor.values().length == 0) {
      throw new IllegalArgumentException("weights '" + name + "' are no matrix");
    }
    return tensor;
  }

  private static Tensor tensor(Constants constants, String name, int... dims) {
    if (!constants.has(name)) {
      throw new IllegalArgumentException("no weights '" + name + "'");
    }
    return constants.get(name).floats(name).shaped("'" + name + "'", dims);
  }
}
