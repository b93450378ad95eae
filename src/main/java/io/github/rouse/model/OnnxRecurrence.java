package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Lstm;
import io.github.rouse.nn.SimpleRnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * ONNX's RNN, GRU and LSTM nodes and our layers, which hold the same gates in the same order. ONNX
 * stacks the directions, and its weight rows are our columns: W [directions][gates *
 * units][inputs], R [directions][gates * units][units], B [directions][2 * gates * units], P
 * [directions][3 * units].
 */
final class OnnxRecurrence {
  // ONNX's GRU always has a relevance gate. A bias of this size holds it at 1 in float: exp(-100)
  // is lost beside 1, and so is every bias from 20 on.
  private static final float OPEN = 100;
  private static final float OPEN_ENOUGH = 20;

  private OnnxRecurrence() {}

  private record Weights(float[][] w, float[][] r, float[] wb, float[] rb, float[] p) {
    int units() {
      return r.length;
    }

    int width() {
      return wb.length;
    }
  }

  // ---- Reading

  static Layer read(OnnxNode node) {
    int gates =
        switch (node.op()) {
          case "GRU" -> 3;
          case "LSTM" -> 4;
          default -> 1;
        };
    String direction = node.text("direction", "forward");
    if (!direction.equals("forward") && !direction.equals("bidirectional")) {
      throw new IllegalArgumentException(
          "direction=" + direction + ", supported: forward, bidirectional");
    }
    int directions = direction.equals("forward") ? 1 : 2;
    checkConventions(node, directions);
    Tensor w = node.weights(1, "W");
    Tensor r = node.weights(2, "R");
    if (w.dims().length != 3 || r.dims().length != 3) {
      throw new IllegalArgumentException(
          "W has " + w.dims().length + " and R " + r.dims().length + " axes, expected 3");
    }
    int units = r.dims()[2];
    int inputs = w.dims()[2];
    int width = gates * units;
    node.expect("hidden_size", node.integer("hidden_size", units), (long) units);
    w.shaped("W", directions, width, inputs);
    r.shaped("R", directions, width, units);
    float[] b = vector(node, 3, "B", directions, 2 * width);
    float[] p = vector(node, 7, "P", directions, 3 * units);
    List<Layer> halves = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      halves.add(
          layer(
              node,
              new Weights(
                  w.columnsAsRows(d * width, width, inputs),
                  r.columnsAsRows(d * width, width, units),
                  b == null ? new float[width] : part(b, 2 * d, width),
                  b == null ? new float[width] : part(b, 2 * d + 1, width),
                  p == null ? new float[0] : part(p, d, 3 * units))));
    }
    return directions == 1 ? halves.get(0) : new Bidirectional(halves.get(0), halves.get(1));
  }

  private static void checkConventions(OnnxNode node, int directions) {
    List<String> usual =
        switch (node.op()) {
          case "GRU" -> List.of("Sigmoid", "Tanh");
          case "LSTM" -> List.of("Sigmoid", "Tanh", "Tanh");
          default -> List.of("Tanh");
        };
    List<String> expected = new ArrayList<>(usual);
    if (directions == 2) {
      expected.addAll(usual);
    }
    List<String> activations = node.texts("activations");
    node.expect("activations", activations.isEmpty() ? expected : activations, expected);
    node.expect("layout", node.integer("layout", 0), 0L);
    node.expect("input_forget", node.integer("input_forget", 0), 0L);
    if (node.attribute("clip") != null) {
      throw new IllegalArgumentException("clip is not supported");
    }
    if (node.hasInput(4)) {
      throw new IllegalArgumentException("sequence_lens is not supported");
    }
    for (int state = 5; state <= 6; state++) {
      if (node.hasInput(state)) {
        for (float value : node.weights(state, "initial state").values()) {
          node.expect("initial state", value, 0f);
        }
      }
    }
  }

  private static float[] vector(OnnxNode node, int input, String what, int directions, int length) {
    return node.hasInput(input)
        ? node.weights(input, what).shaped(what, directions, length).values()
        : null;
  }

  private static float[] part(float[] v, int index, int length) {
    return Arrays.copyOfRange(v, index * length, (index + 1) * length);
  }

  private static Layer layer(OnnxNode node, Weights x) {
    return switch (node.op()) {
      case "GRU" ->
          hasOpenGate(x)
              ? new Gru(
                  Gru.Reset.NONE,
                  withoutGate(x.w),
                  withoutGate(x.r),
                  withoutGate(x.wb),
                  withoutGate(x.rb))
              : new Gru(
                  node.integer("linear_before_reset", 0) == 0 ? Gru.Reset.BEFORE : Gru.Reset.AFTER,
                  x.w,
                  x.r,
                  x.wb,
                  x.rb);
      case "LSTM" -> new Lstm(x.w, x.r, x.wb, x.rb, x.p);
      default -> new SimpleRnn(x.w, x.r, x.wb, x.rb);
    };
  }

  /** Whether the relevance gate is 1 whatever comes: a simplified unit. */
  private static boolean hasOpenGate(Weights x) {
    int units = x.units();
    for (int u = units; u < 2 * units; u++) {
      int gate = u;
      if (!(x.wb[u] + x.rb[u] >= OPEN_ENOUGH)
          || Arrays.stream(x.w).anyMatch(row -> row[gate] != 0)
          || Arrays.stream(x.r).anyMatch(row -> row[gate] != 0)) {
        return false;
      }
    }
    return true;
  }

  private static float[][] withoutGate(float[][] rows) {
    return Arrays.stream(rows).map(OnnxRecurrence::withoutGate).toArray(float[][]::new);
  }

  private static float[] withoutGate(float[] zrh) {
    int units = zrh.length / 3;
    float[] zh = Arrays.copyOf(zrh, 2 * units);
    System.arraycopy(zrh, 2 * units, zh, units, units);
    return zh;
  }

  // ---- Writing

  /** Adds the node of a recurrent layer, and what brings its output back to one row per step. */
  static void write(Layer layer, String name, OnnxWriter writer) {
    List<Layer> halves =
        layer instanceof Bidirectional b ? List.of(b.forward(), b.backward()) : List.of(layer);
    if (halves.size() == 2 && !conventions(halves.get(0)).equals(conventions(halves.get(1)))) {
      throw new IllegalArgumentException(
          name
              + ": the halves differ, which ONNX has no node for: "
              + conventions(halves.get(0))
              + " and "
              + conventions(halves.get(1)));
    }
    List<Weights> all = halves.stream().map(OnnxRecurrence::weights).toList();
    int directions = all.size();
    int units = all.get(0).units();
    int width = all.get(0).width();
    List<String> inputs = new ArrayList<>();
    inputs.add(writer.as(Layout.TIME_BATCH_VALUES, name));
    inputs.add(
        writer.weights(
            name + "_W",
            joined(all.stream().map(x -> columns(x.w)).toList()),
            directions,
            width,
            all.get(0).w.length));
    inputs.add(
        writer.weights(
            name + "_R",
            joined(all.stream().map(x -> columns(x.r)).toList()),
            directions,
            width,
            units));
    inputs.add(
        writer.weights(
            name + "_B",
            joined(all.stream().map(x -> joined(List.of(x.wb, x.rb))).toList()),
            directions,
            2L * width));
    if (all.get(0).p.length > 0) {
      // sequence_lens, initial_h and initial_c: left out
      inputs.addAll(List.of("", "", ""));
      inputs.add(
          writer.weights(
              name + "_P", joined(all.stream().map(x -> x.p).toList()), directions, 3L * units));
    }
    writer.recurrent(op(halves.get(0)), name, inputs, attributes(halves, units));
  }

  private static List<AttributeProto> attributes(List<Layer> halves, int units) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(OnnxWriter.attribute("hidden_size", units));
    attributes.add(
        OnnxWriter.attribute("direction", halves.size() == 1 ? "forward" : "bidirectional"));
    if (halves.get(0) instanceof Gru g) {
      int before = g.reset() == Gru.Reset.BEFORE ? 0 : 1;
      attributes.add(OnnxWriter.attribute("linear_before_reset", before));
    }
    return attributes;
  }

  private static String op(Layer half) {
    return half instanceof Gru ? "GRU" : half instanceof Lstm ? "LSTM" : "RNN";
  }

  /** What both halves of a bidirectional node have to share. */
  private static String conventions(Layer half) {
    Object kind =
        half instanceof Gru g
            ? "reset " + g.reset()
            : half instanceof Lstm l && l.peepholes().length > 0 ? "with peepholes" : "plain";
    return op(half) + " of " + half.outputs() + " units, " + Objects.toString(kind);
  }

  private static Weights weights(Layer half) {
    if (half instanceof Gru g) {
      return g.reset() == Gru.Reset.NONE
          ? new Weights(
              withGate(g.inputWeights(), 0),
              withGate(g.recurrentWeights(), 0),
              withGate(g.inputBias(), OPEN),
              withGate(g.recurrentBias(), 0),
              new float[0])
          : new Weights(
              g.inputWeights(),
              g.recurrentWeights(),
              g.inputBias(),
              g.recurrentBias(),
              new float[0]);
    } else if (half instanceof Lstm l) {
      return new Weights(
          l.inputWeights(), l.recurrentWeights(), l.inputBias(), l.recurrentBias(), l.peepholes());
    }
    SimpleRnn r = (SimpleRnn) half;
    return new Weights(
        r.inputWeights(), r.recurrentWeights(), r.inputBias(), r.recurrentBias(), new float[0]);
  }

  private static float[][] withGate(float[][] rows, float value) {
    return Arrays.stream(rows).map(row -> withGate(row, value)).toArray(float[][]::new);
  }

  private static float[] withGate(float[] zh, float value) {
    int units = zh.length / 2;
    float[] zrh = Arrays.copyOf(zh, 3 * units);
    Arrays.fill(zrh, units, 2 * units, value);
    System.arraycopy(zh, units, zrh, 2 * units, units);
    return zrh;
  }

  private static float[] columns(float[][] rows) {
    int width = rows[0].length;
    float[] columns = new float[width * rows.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < width; c++) {
        columns[c * rows.length + r] = rows[r][c];
      }
    }
    return columns;
  }

  private static float[] joined(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(p -> p.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
