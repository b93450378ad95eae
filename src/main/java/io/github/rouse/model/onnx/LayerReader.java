package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** An ONNX node as a layer, or as another order of the axes. */
final class LayerReader {
  static final Set<String> TWO_SIDED = new TreeSet<>(Set.of("Add", "Mul", "Sub", "Div"));
  private static final Set<String> LAYOUT_ONLY =
      Set.of("Cast", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
  private static final int LONGEST_KERNEL = 4096; // frames

  private LayerReader() {}

  /** What comes out of a node that reads a tensor on a way. */
  static TracedLayers read(OnnxNode node, TracedLayers flow) {
    if (node.hasConstant(0) && !TWO_SIDED.contains(node.op())) {
      throw new IllegalArgumentException(
          "reads a constant first, supported for " + String.join(", ", TWO_SIDED));
    }
    if (flow.padding() > 0 && !node.op().equals("Conv") && !LAYOUT_ONLY.contains(node.op())) {
      throw new IllegalArgumentException("reads what is padded, supported only of a Conv");
    }
    Layout layout = flow.layout();
    int width = flow.width();
    return switch (node.op()) {
      case "Identity" -> flow;
      case "Cast" -> {
        long to = node.integer("to", 0);
        node.expect("to", to == TensorProto.DataType.FLOAT16_VALUE ? 1L : to, 1L);
        yield flow;
      }
      case "Dropout" -> {
        node.expect("training_mode", node.hasInput(2) && node.array(2).values()[0] != 0, false);
        yield flow;
      }
      case "Relu" -> flow.then(new Activation(Activation.Function.RELU, width));
      case "Sigmoid" -> flow.then(new Activation(Activation.Function.SIGMOID, width));
      case "Tanh" -> flow.then(new Activation(Activation.Function.TANH, width));
      case "Transpose" -> flow.in(layout.transposed(node.permutation()));
      case "Squeeze" -> {
        boolean named = node.hasInput(1) || node.attribute("axes") != null;
        yield flow.in(
            layout.squeezed(named ? node.integers(1, "axes") : layout.ones(width), width));
      }
      case "Unsqueeze" -> flow.in(layout.unsqueezed(node.integers(1, "axes")));
      case "Reshape" -> {
        node.expect("allowzero", node.integer("allowzero", 0), 0L);
        yield flow.in(layout.reshaped(node.integers(1, "shape"), width));
      }
      case "Slice" -> direction(node, flow);
      case "Conv" -> conv(node, flow);
      case "BatchNormalization" -> norm(node, flow);
      case "MatMul" -> {
        flow.expect(layout.endsInValues(), "[..., values]");
        Tensor w = node.weights(1, "weights");
        int outputs = w.dims().length == 2 ? w.dims()[1] : 1;
        w.shaped("weights", width, outputs);
        yield flow.then(new Dense(w.rows(outputs), new float[outputs])).lackingBias();
      }
      case "Add", "Sub", "Mul", "Div" -> affine(node, flow);
      case "Pad" -> pad(node, flow);
      case "Gemm" -> gemm(node, flow);
      case "GRU", "LSTM", "RNN" -> {
        flow.expect(layout.equals(Layout.TIME_BATCH_VALUES), Layout.TIME_BATCH_VALUES.toString());
        boolean both = node.text("direction", "forward").equals("bidirectional");
        yield flow.then(RecurrenceReader.read(node)).in(new Layout(both ? "TDNC" : "TNNC"));
      }
      default -> throw new IllegalArgumentException("supported only of constants");
    };
  }

  /** A factor or summand for each value: the bias of the product before it, or a norm. */
  private static TracedLayers affine(OnnxNode node, TracedLayers flow) {
    int constant = node.hasConstant(1) ? 1 : 0;
    if (node.op().equals("Div") && constant == 0) {
      throw new IllegalArgumentException("divides a constant, supported: by a constant");
    }
    int width = flow.width();
    float[] values = perValue(node, constant, flow);
    if (flow.lacksBias() && node.op().equals("Add")) {
      Dense product = new Dense(((Dense) flow.layer()).weights(), values);
      return new TracedLayers(flow.before(), product, flow.layout(), width, false, 0, -1);
    }
    float[] scale = new float[width];
    float[] shift = new float[width];
    for (int i = 0; i < width; i++) {
      switch (node.op()) {
        case "Mul" -> scale[i] = values[i];
        case "Div" -> {
          if (1 / values[i] == Float.POSITIVE_INFINITY
              || 1 / values[i] == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("divides by " + values[i]);
          }
          scale[i] = 1 / values[i];
        }
        case "Add" -> {
          scale[i] = 1;
          shift[i] = values[i];
        }
        default -> {
          scale[i] = constant == 1 ? 1 : -1;
          shift[i] = constant == 1 ? -values[i] : values[i];
        }
      }
    }
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return flow.then(new BatchNorm(scale, shift, new float[width], ones, 0));
  }

  /** A constant that is broadcast over all axes but that of the values. */
  private static float[] perValue(OnnxNode node, int input, TracedLayers flow) {
    Tensor constant = node.weights(input, "constant");
    int[] dims = constant.dims();
    String axes = flow.layout().axes();
    int fromEnd = axes.length() - axes.indexOf('C');
    boolean fits = dims.length <= axes.length() && constant.values().length > 0;
    for (int i = 0; i < dims.length; i++) {
      boolean values = dims.length - i == fromEnd && axes.indexOf('D') < 0;
      fits &= dims[i] == 1 || (values && dims[i] == flow.width());
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "constant of shape " + Arrays.toString(dims) + " beside " + flow.layout());
    }
    if (constant.values().length == flow.width()) {
      return constant.values();
    }
    float[] same = new float[flow.width()];
    Arrays.fill(same, constant.values()[0]);
    return same;
  }

  /** One direction of a bidirectional layer, which is all that may be cut out. */
  private static TracedLayers direction(OnnxNode node, TracedLayers flow) {
    long[] start = node.integers(1, "starts");
    long[] end = node.integers(2, "ends");
    boolean one = start.length == 1 && end.length == 1 && !node.hasInput(4);
    boolean named = node.hasInput(3) || node.attribute("axes") != null;
    long[] axes = named ? node.integers(3, "axes") : new long[] {0};
    if (!one
        || axes.length != 1
        || flow.layout().axes().charAt(flow.layout().axis(axes[0])) != 'D'
        || !((start[0] == 0 && end[0] == 1) || (start[0] == 1 && end[0] >= 2))) {
      throw new IllegalArgumentException("supported of constants, and to cut a direction out");
    }
    return flow.direction((int) start[0]);
  }

  private static TracedLayers pad(OnnxNode node, TracedLayers flow) {
    node.expect("mode", node.text("mode", "constant"), "constant");
    float value = node.hasInput(2) ? node.weights(2, "value").values()[0] : node.single("value", 0);
    node.expect("value", value, 0f);
    long[] pads = node.integers(1, "pads");
    int rank = flow.layout().axes().length();
    long[] axes = node.hasInput(3) ? node.integers(3, "axes") : LongStream.range(0, rank).toArray();
    boolean fits = pads.length == 2 * axes.length;
    long frames = 0;
    for (int i = 0; fits && i < axes.length; i++) {
      boolean time = flow.layout().axis(axes[i]) == flow.layout().axes().indexOf('T');
      frames += time ? pads[i] : 0;
      fits = (time || pads[i] == 0) && pads[i + axes.length] == 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "pads=" + Arrays.toString(pads) + ", supported: frames before, for " + flow.layout());
    }
    return flow.padded(frames);
  }

  /** A convolution along time; further axes, which 2-D convolutions have, are of size one. */
  private static TracedLayers conv(OnnxNode node, TracedLayers flow) {
    flow.expect(
        flow.layout().axes().matches("NCN*TN*"),
        Layout.BATCH_VALUES_TIME + ", time among axes of one");
    Tensor w = node.weights(1, "weights");
    int axes = flow.layout().axes().length() - 2;
    int time = flow.layout().axes().indexOf('T') - 2;
    if (w.dims().length != axes + 2) {
      throw new IllegalArgumentException(
          "weights have " + w.dims().length + " axes, expected " + (axes + 2));
    }
    int outputs = w.dims()[0];
    int taps = w.dims()[2 + time];
    if ((long) outputs * w.dims()[1] * taps != w.values().length) {
      throw new IllegalArgumentException(
          "weights of shape " + Arrays.toString(w.dims()) + ", supported: a kernel along time");
    }
    w = new Tensor(new int[] {outputs, w.dims()[1], taps}, w.values());
    List<Long> ones = Collections.nCopies(axes, 1L);
    List<Long> kernels = new ArrayList<>(ones);
    kernels.set(time, (long) taps);
    node.expect("kernel_shape", node.integers("kernel_shape", kernels), kernels);
    node.expect("group", node.integer("group", 1), 1L);
    List<Long> dilations = node.integers("dilations", ones);
    long apart = dilations.size() == axes ? dilations.get(time) : 0;
    if (apart < 1 || apart > LONGEST_KERNEL || (taps - 1) * apart >= LONGEST_KERNEL) {
      throw new IllegalArgumentException(
          "dilations="
              + dilations
              + ", supported: a kernel of up to "
              + LONGEST_KERNEL
              + " frames");
    }
    int kernel = (int) ((taps - 1) * apart + 1);
    if ((long) kernel * w.dims()[1] * outputs > NdArray.MOST) { // zeros between taps count, too
      throw new IllegalArgumentException(
          "dilations=" + dilations + ", supported: up to " + NdArray.MOST + " weights");
    }
    String auto = node.text("auto_pad", "NOTSET");
    node.expect("auto_pad", auto.equals("VALID") ? "NOTSET" : auto, "NOTSET");
    List<Long> pads = node.integers("pads", Collections.nCopies(2 * axes, 0L));
    List<Long> before = new ArrayList<>(Collections.nCopies(2 * axes, 0L));
    before.set(time, pads.size() == before.size() ? pads.get(time) : -1);
    if (!pads.equals(before) || pads.get(time) < 0 || pads.get(time) + flow.padding() >= kernel) {
      throw new IllegalArgumentException(
          "pads="
              + pads
              + (flow.padding() > 0 ? " after " + flow.padding() + " frames by a Pad" : "")
              + ", supported: 0 to kernel-1 frames before, 0 after");
    }
    List<Long> strides = node.integers("strides", ones);
    long step = strides.size() == axes ? strides.get(time) : 0;
    if (step < 1 || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("strides=" + strides + ", expected one of at least 1");
    }
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    int padding = pads.get(time).intValue() + flow.padding();
    return flow.then(new Conv1d(taps(w, (int) apart), bias, kernel, (int) step, padding));
  }

  /**
   * From ONNX's [outputs][inputs][taps] to [kernel * inputs][outputs], with zeros between taps that
   * lie apart.
   */
  private static float[][] taps(Tensor w, int apart) {
    int outputs = w.dims()[0];
    int inputs = w.dims()[1];
    int kernel = w.dims()[2];
    float[][] rows = new float[((kernel - 1) * apart + 1) * inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int k = 0; k < kernel; k++) {
          rows[k * apart * inputs + i][o] = w.values()[(o * inputs + i) * kernel + k];
        }
      }
    }
    return rows;
  }

  private static TracedLayers norm(OnnxNode node, TracedLayers flow) {
    flow.expect(flow.layout().axes().indexOf('C') == 1, "values on axis 1");
    node.expect("training_mode", node.integer("training_mode", 0), 0L);
    int width = flow.width();
    return flow.then(
        new BatchNorm(
            node.weights(1, "scale").shaped("scale", width).values(),
            node.weights(2, "B").shaped("B", width).values(),
            node.weights(3, "mean").shaped("mean", width).values(),
            node.weights(4, "var").shaped("var", width).values(),
            node.single("epsilon", 1e-5f)));
  }

  private static TracedLayers gemm(OnnxNode node, TracedLayers flow) {
    flow.expect(flow.layout().axes().equals("TC"), "[time, values]");
    node.expect("alpha", node.single("alpha", 1), 1f);
    node.expect("beta", node.single("beta", 1), 1f);
    node.expect("transA", node.integer("transA", 0), 0L);
    boolean turned = node.integer("transB", 0) != 0;
    Tensor w = node.weights(1, "weights");
    int width = flow.width();
    int outputs = w.dims().length == 2 ? w.dims()[turned ? 0 : 1] : 1;
    w.shaped("weights", turned ? outputs : width, turned ? width : outputs);
    float[] bias = new float[outputs];
    if (node.hasInput(2) && node.weights(2, "bias").values().length == 1) {
      Arrays.fill(bias, node.weights(2, "bias").values()[0]);
    } else if (node.hasInput(2)) {
      bias = bias(node, 2, outputs);
    }
    return flow.then(
        new Dense(turned ? w.columnsAsRows(0, outputs, width) : w.rows(outputs), bias));
  }

  /** A bias of one value per output, whatever axes of size one stand before. */
  private static float[] bias(OnnxNode node, int input, int outputs) {
    Tensor bias = node.weights(input, "bias");
    int last = bias.dims().length - 1;
    if (last < 0 || bias.dims()[last] != outputs || bias.values().length != outputs) {
      bias.shaped("bias", outputs);
    }
    return bias.values();
  }
}
