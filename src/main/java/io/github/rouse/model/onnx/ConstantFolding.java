// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Evaluates nodes that only read constants. Exporters leave such nodes in the graph to transpose,
 * slice and concatenate weights and to compute shapes.
 */
public final class ConstantFolding {
  static final Set<String> OPERATORS =
      Set.of(
          "Add",
          "Cast",
          "Concat",
          "Constant",
          "ConstantOfShape",
          "DequantizeLinear",
          "Div",
          "Equal",
          "Expand",
          "Gather",
          "Identity",
          "Mul",
          "Neg",
          "Pow",
          "Reciprocal",
          "ReduceProd",
          "Reshape",
          "Shape",
          "Slice",
          "Split",
          "Sqrt",
          "Squeeze",
          "Sub",
          "Tile",
          "Transpose",
          "Unsqueeze",
          "Where");

  private ConstantFolding() {}

  /** Evaluates a node if all its inputs are constant; returns whether they are. */
  public static boolean fold(OnnxNode node) {
    if (!node.proto().getInputList().stream()
        .allMatch(name -> name.isEmpty() || node.constants().has(name))) {
      return false;
    }
    if (!OPERATORS.contains(node.op())) {
      throw new IllegalArgumentException("cannot be evaluated on constants");
    }
    if (node.op().equals("Split")) {
      split(node);
    } else {
      node.constants().put(node.output(), value(node));
    }
    return true;
  }

  private static NdArray value(OnnxNode node) {
    return switch (node.op()) {
      case "Constant" -> constant(node);
      case "ConstantOfShape" -> filled(node);
      case "Shape" -> shape(node, node.array(0).shape());
      case "Identity" -> node.array(0);
      case "Cast" -> cast(node);
      case "DequantizeLinear" -> dequantized(node);
      case "Neg" -> unary(node, v -> -v);
      case "ReduceProd" -> product(node);
      case "Sqrt" -> unary(node, Math::sqrt);
      case "Reciprocal" -> unary(node, v -> 1 / v);
      case "Add" -> binary(node, Double::sum);
      case "Sub" -> binary(node, (a, b) -> a - b);
      case "Mul" -> binary(node, (a, b) -> a * b);
      case "Pow" -> binary(node, Math::pow);
      case "Div" ->
          node.array(0).whole()
              ? binary(node, (a, b) -> b == 0 ? 0 : a / b - a / b % 1)
              : binary(node, (a, b) -> a / b);
      case "Equal" -> node.array(0).with(node.array(1), true, ConstantFolding::equal);
      case "Where" -> where(node);
      case "Concat" -> {
        List<NdArray> parts = new ArrayList<>();
        long values = 0;
        for (int i = 0; i < node.proto().getInputCount(); i++) {
          parts.add(node.array(i));
          values += parts.get(i).length();
          if (values > NdArray.MOST) {
            throw new IllegalArgumentException(
                "concatenates more than " + NdArray.MOST + " values");
          }
        }
        yield NdArray.concatenated(parts, node.integer("axis", 0));
      }
      case "Slice" -> sliced(node);
      case "Gather" -> gathered(node);
      case "Squeeze" ->
          node.array(0)
              .squeezed(
                  node.hasInput(1) || node.attribute("axes") != null
                      ? node.integers(1, "axes")
                      : new long[0]);
      case "Unsqueeze" -> node.array(0).unsqueezed(node.integers(1, "axes"));
      case "Transpose" -> node.array(0).transposed(node.permutation());
      case "Reshape" -> {
        node.expect("allowzero", node.integer("allowzero", 0), 0L);
        yield node.array(0).reshaped(node.integers(1, "shape"));
      }
      case "Expand" -> node.array(0).expanded(node.array(1).sizes());
      case "Tile" -> tiled(node);
      default -> throw new IllegalStateException(node.op());
    };
  }

  private static double equal(double a, double b) {
    if ((Double.isNaN(a) && b >= 0) || (Double.isNaN(b) && a >= 0)) {
      throw new IllegalArgumentException("depends on how many frames there are");
    }
    return a == b ? 1 : 0;
  }

  private static NdArray constant(OnnxNode node) {
    for (AttributeProto a : node.proto().getAttributeList()) {
      switch (a.getName()) {
        case "value" -> {
          return TensorReader.read(a.getT());
        }
        case "value_int" -> {
          return NdArray.scalar((double) a.getI(), true);
        }
        case "value_float" -> {
          return NdArray.scalar(a.getF(), false);
        }
        case "value_ints" -> {
          return NdArray.vector(
              a.getIntsList().stream().mapToDouble(Long::doubleValue).toArray(), true);
        }
        case "value_floats" -> {
          return NdArray.vector(
              a.getFloatsList().stream().mapToDouble(Float::doubleValue).toArray(), false);
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("has no numeric value");
  }

  /** Evaluates a Shape node on the whole shape. */
  static NdArray shape(OnnxNode node, NdArray whole) {
    int rank = whole.values().length;
    return whole.part(
        0, bound(node.integer("start", 0), rank), bound(node.integer("end", rank), rank));
  }

  private static NdArray filled(OnnxNode node) {
    AttributeProto value = node.attribute("value");
    NdArray one = value == null ? NdArray.scalar(0, false) : TensorReader.read(value.getT());
    return one.reshaped(new long[0]).expanded(node.array(0).sizes());
  }

  private static NdArray cast(OnnxNode node) {
    NdArray array = node.array(0);
    TensorProto.DataType to =
        TensorProto.DataType.forNumber(
            (int) node.integer("to", TensorProto.DataType.UNDEFINED_VALUE));
    return switch (to == null ? TensorProto.DataType.UNDEFINED : to) {
      case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> new NdArray(array.dims(), array.values(), false);
      case INT64, INT32 -> array.with(NdArray.scalar(1, true), true, (v, one) -> v - v % one);
      case BOOL -> array.with(NdArray.scalar(0, true), true, (v, none) -> v == none ? 0 : 1);
      default -> throw new IllegalArgumentException("to=" + to + ", supported: numbers");
    };
  }

  private static NdArray dequantized(OnnxNode node) {
    NdArray array = node.array(0);
    node.expect("block_size", node.integer("block_size", 0), 0L);
    double[] scales = perAxis(array, node, 1);
    double[] zeros = node.hasInput(2) ? perAxis(array, node, 2) : new double[1];
    boolean same = scales.length == 1 && zeros.length == 1;
    int run = same ? array.length() : NdArray.inner(array.dims(), axis(array, node));
    return array.dequantized(run, zeros, scales);
  }

  /** A scale or zero point: one for all values, or one for each index of an axis. */
  private static double[] perAxis(NdArray array, OnnxNode node, int input) {
    NdArray given = node.array(input);
    int count = given.values().length;
    if (count == 1) {
      return given.values();
    }
    int size = array.dims()[axis(array, node)];
    if (given.dims().length != 1 || count != size) {
      throw new IllegalArgumentException(count + " scales for an axis of " + size);
    }
    return given.values();
  }

  private static int axis(NdArray array, OnnxNode node) {
    return array.axis(node.integer("axis", 1));
  }

  /** Evaluates ReduceProd on a vector, as used to multiply sizes. */
  private static NdArray product(OnnxNode node) {
    NdArray array = node.array(0);
    boolean given = node.hasInput(1) || node.attribute("axes") != null;
    if (array.dims().length != 1
        || (given && !Arrays.equals(node.integers(1, "axes"), new long[1]))) {
      throw new IllegalArgumentException("supported only on one axis");
    }
    double product = Arrays.stream(array.values()).reduce(1, (a, b) -> a * b);
    NdArray one = NdArray.vector(new double[] {product}, array.whole());
    return node.integer("keepdims", 1) == 0 ? one.reshaped(new long[0]) : one;
  }

  private static NdArray unary(OnnxNode node, DoubleUnaryOperator operator) {
    NdArray array = node.array(0);
    return new NdArray(
        array.dims(), Arrays.stream(array.values()).map(operator).toArray(), array.whole());
  }

  private static NdArray binary(OnnxNode node, DoubleBinaryOperator operator) {
    return node.array(0).with(node.array(1), node.array(0).whole(), operator);
  }

  private static NdArray where(OnnxNode node) {
    NdArray yes = node.array(1).expanded(node.array(2).dims()).expanded(node.array(0).dims());
    NdArray no = node.array(2).expanded(yes.dims());
    NdArray condition = node.array(0).expanded(yes.dims());
    double[] values = new double[yes.values().length];
    Arrays.setAll(values, i -> condition.values()[i] != 0 ? yes.values()[i] : no.values()[i]);
    return new NdArray(yes.dims(), values, yes.whole());
  }

  private static NdArray sliced(OnnxNode node) {
    NdArray array = node.array(0);
    long[] starts = node.integers(1, "starts");
    long[] ends = node.integers(2, "ends");
    boolean named = node.hasInput(3) || node.attribute("axes") != null;
    long[] axes = named ? node.integers(3, "axes") : null;
    long[] steps = new long[starts.length];
    Arrays.fill(steps, 1);
    steps = node.hasInput(4) ? node.integers(4, "steps") : steps;
    if (starts.length > array.dims().length
        || ends.length != starts.length
        || steps.length != starts.length
        || (axes != null && axes.length != starts.length)) {
      throw new IllegalArgumentException(
          "starts, ends, axes and steps of different lengths, or too many");
    }
    for (int i = 0; i < starts.length; i++) {
      int axis = array.axis(axes == null ? i : axes[i]);
      int size = array.dims()[axis];
      if (steps[i] == 1) {
        array = array.part(axis, bound(starts[i], size), bound(ends[i], size));
      } else if (steps[i] == -1 && (starts[i] == -1 || starts[i] >= size - 1L) && ends[i] < -size) {
        int[] backwards = new int[size];
        Arrays.setAll(backwards, place -> size - 1 - place);
        array = array.gathered(axis, backwards, size);
      } else {
        throw new IllegalArgumentException(
            "steps of " + steps[i] + ", supported: 1, and -1 over a whole axis");
      }
    }
    return array;
  }

  private static int bound(long at, int size) {
    if (at == NdArray.FRAMES) {
      throw new IllegalArgumentException("depends on how many frames there are");
    }
    return (int) Math.max(0, Math.min(size, at < 0 ? at + size : at));
  }

  private static NdArray gathered(OnnxNode node) {
    NdArray array = node.array(0);
    int axis = array.axis(node.integer("axis", 0));
    NdArray places = node.array(1);
    int size = array.dims()[axis];
    int[] at = new int[places.values().length];
    for (int i = 0; i < at.length; i++) {
      double place = places.values()[i] < 0 ? places.values()[i] + size : places.values()[i];
      if (!(place >= 0 && place < size)) {
        throw new IllegalArgumentException("index " + places.values()[i] + " of " + size);
      }
      at[i] = (int) place;
    }
    return array.gathered(axis, at, places.dims());
  }

  private static NdArray tiled(OnnxNode node) {
    NdArray array = node.array(0);
    int[] times = node.array(1).sizes();
    if (times.length != array.dims().length) {
      throw new IllegalArgumentException("repeats for " + times.length + " axes");
    }
    for (int axis = 0; axis < times.length; axis++) {
      int size = array.dims()[axis];
      if ((long) size * times[axis] > NdArray.MOST) {
        throw new IllegalArgumentException(times[axis] + " times " + size + " values");
      }
      int[] places = new int[size * times[axis]];
      Arrays.setAll(places, i -> i % size);
      array = array.gathered(axis, places, places.length);
    }
    return array;
  }

  private static void split(OnnxNode node) {
    NdArray array = node.array(0);
    int axis = array.axis(node.integer("axis", 0));
    int parts = node.proto().getOutputCount();
    boolean explicit = node.hasInput(1) || node.attribute("split") != null;
    long[] sizes = new long[parts];
    Arrays.fill(sizes, (array.dims()[axis] + parts - 1) / Math.max(1, parts));
    sizes = explicit ? node.integers(1, "split") : sizes;
    if (sizes.length != parts || (explicit && Arrays.stream(sizes).sum() != array.dims()[axis])) {
      throw new IllegalArgumentException(
          sizes.length + " split sizes for " + parts + " outputs, or a wrong sum");
    }
    int at = 0;
    for (int i = 0; i < parts; i++) {
      int to = bound(at + Math.max(0, sizes[i]), array.dims()[axis]);
      node.constants().put(node.proto().getOutput(i), array.part(axis, at, to));
      at = to;
    }
  }
}
