// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.LayerNorm;
import io.github.rouse.nn.Planes;
import io.github.rouse.nn.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Turns an ONNX node into a layer or a change of layout. */
final class LayerReader {
  private static final Set<String> LAYOUT_ONLY =
      Set.of("Cast", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
  static final Set<String> CONSTANT_FIRST =
      new TreeSet<>(Set.of("Add", "Concat", "Div", "Mul", "Sub"));
  private static final int LONGEST_KERNEL = 4096; // frames

  private LayerReader() {}

  /** Applies a node to a traced tensor. */
  static TracedLayers read(OnnxNode node, TracedLayers traced) {
    if (node.hasConstant(0) && !CONSTANT_FIRST.contains(node.op())) {
      throw new IllegalArgumentException(
          "reads a constant first, supported for " + String.join(", ", CONSTANT_FIRST));
    }
    if (traced.padding() > 0 && !node.op().equals("Conv") && !LAYOUT_ONLY.contains(node.op())) {
      throw new IllegalArgumentException("reads a padded tensor, supported only for Conv");
    }
    Layout layout = traced.layout();
    int width = traced.width();
    return switch (node.op()) {
      case "Identity" -> traced;
      case "Cast" -> {
        long to = node.integer("to", 0);
        boolean isHalf =
            to == TensorProto.DataType.FLOAT16_VALUE || to == TensorProto.DataType.BFLOAT16_VALUE;
        node.expect("to", isHalf ? 1L : to, 1L);
        yield traced;
      }
      case "Dropout" -> {
        node.expect("training_mode", node.hasInput(2) && node.array(2).values()[0] != 0, false);
        yield traced;
      }
      case "Relu" -> traced.then(new Activation(Activation.Function.RELU, width));
      case "Sigmoid" -> traced.then(new Activation(Activation.Function.SIGMOID, width));
      case "Tanh" -> traced.then(new Activation(Activation.Function.TANH, width));
      case "Transpose" -> traced.in(layout.transposed(node.permutation()));
      case "Squeeze" -> {
        boolean named = node.hasInput(1) || node.attribute("axes") != null;
        yield traced.in(
            layout.squeezed(named ? node.integers(1, "axes") : layout.ones(width), width));
      }
      case "Unsqueeze" -> traced.in(layout.unsqueezed(node.integers(1, "axes")));
      case "Reshape" -> {
        node.expect("allowzero", node.integer("allowzero", 0), 0L);
        yield traced.in(layout.reshaped(node.integers(1, "shape"), width));
      }
      case "Slice" -> direction(node, traced);
      case "Softmax" -> {
        int axis = layout.axis(node.integer("axis", -1));
        yield layout.endsInValues() && axis == layout.axes().length() - 1 && width > 1
            ? traced.then(new Softmax(width))
            : traced.shares(axis);
      }
      case "LeakyRelu" -> {
        float slope = node.single("alpha", 0.01f);
        yield traced.then(new Activation.Leaky(slope, Float.NEGATIVE_INFINITY, width));
      }
      case "Max" -> floor(node, traced);
      case "MaxPool" -> PlanesReader.pool(node, traced);
      case "LayerNormalization" -> {
        traced.expect(layout.endsInValues(), "[..., values]");
        node.expect("axis", layout.axis(node.integer("axis", -1)), layout.axes().length() - 1);
        yield traced.then(
            new LayerNorm(
                node.weights(1, "scale").shaped("scale", width).values(),
                node.hasInput(2)
                    ? node.weights(2, "B").shaped("B", width).values()
                    : new float[width],
                node.single("epsilon", 1e-5f)));
      }
      case "Concat" -> lead(node, traced);
      case "ReduceSum" -> {
        long[] axes = node.integers(1, "axes");
        if (axes.length != 1) {
          throw new IllegalArgumentException("sums over " + axes.length + " axes, supported: one");
        }
        yield traced.summed(layout.axis(axes[0]), node.integer("keepdims", 1) != 0);
      }
      case "Conv" -> conv(node, traced);
      case "BatchNormalization" -> norm(node, traced);
      case "MatMul" -> {
        traced.expect(layout.endsInValues(), "[..., values]");
        Tensor w = node.weights(1, "weights");
        int outputs = w.dims().length == 2 ? w.dims()[1] : 1;
        w.shaped("weights", width, outputs);
        yield traced.then(new Dense(w.rows(outputs), new float[outputs])).lackingBias();
      }
      case "Add", "Sub", "Mul", "Div" -> affine(node, traced);
      case "Pad" -> pad(node, traced);
      case "Gemm" -> gemm(node, traced);
      case "GRU", "LSTM", "RNN" -> {
        boolean batchFirst = node.integer("layout", 0) == 1;
        Layout wanted = batchFirst ? Layout.BATCH_TIME_VALUES : Layout.TIME_BATCH_VALUES;
        traced.expect(layout.equals(wanted), wanted.toString());
        boolean both = node.text("direction", "forward").equals("bidirectional");
        String directions = both ? "D" : "N";
        yield traced
            .then(RecurrenceReader.read(node))
            .in(new Layout(batchFirst ? "NT" + directions + "C" : "T" + directions + "NC"));
      }
      default -> throw new IllegalArgumentException("supported only on constants");
    };
  }

  /**
   * Reads an element-wise operation with a constant: the bias of the preceding product, or a batch
   * normalisation.
   */
  private static TracedLayers affine(OnnxNode node, TracedLayers traced) {
    int constant = node.hasConstant(1) ? 1 : 0;
    if (node.op().equals("Div") && constant == 0) {
      throw new IllegalArgumentException("divides a constant, supported: divisor constant");
    }
    int width = traced.width();
    float[] values = perValue(node, constant, traced);
    if (traced.lacksBias() && node.op().equals("Add")) {
      Dense product = new Dense(((Dense) traced.layer()).weights(), values);
      return new TracedLayers(
          traced.before(), product, traced.layout(), width, false, 0, TracedLayers.Fragment.WHOLE);
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
    return traced.then(new BatchNorm(scale, shift, new float[width], ones, 0));
  }

  /** A constant that broadcasts over all axes but the values axis. */
  private static float[] perValue(OnnxNode node, int input, TracedLayers traced) {
    Tensor constant = node.weights(input, "constant");
    int[] dims = constant.dims();
    String axes = traced.layout().axes();
    int fromEnd = axes.length() - axes.indexOf('C');
    boolean fits = dims.length <= axes.length() && constant.values().length > 0;
    for (int i = 0; i < dims.length; i++) {
      boolean values = dims.length - i == fromEnd && !traced.layout().isSplit();
      fits &= dims[i] == 1 || (values && dims[i] == traced.width());
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "constant of shape " + Arrays.toString(dims) + " beside " + traced.layout());
    }
    if (constant.values().length == traced.width()) {
      return constant.values();
    }
    float[] same = new float[traced.width()];
    Arrays.fill(same, constant.values()[0]);
    return same;
  }

  /**
   * Reads a Slice that selects one direction of a bidirectional layer; no other slice is supported.
   */
  private static TracedLayers direction(OnnxNode node, TracedLayers traced) {
    long[] start = node.integers(1, "starts");
    long[] end = node.integers(2, "ends");
    boolean one = start.length == 1 && end.length == 1 && !node.hasInput(4);
    boolean named = node.hasInput(3) || node.attribute("axes") != null;
    long[] axes = named ? node.integers(3, "axes") : new long[] {0};
    if (!one
        || axes.length != 1
        || traced.layout().axes().charAt(traced.layout().axis(axes[0])) != 'D'
        || !((start[0] == 0 && end[0] == 1) || (start[0] == 1 && end[0] >= 2))) {
      throw new IllegalArgumentException("supported only on constants, and to select a direction");
    }
    return traced.direction(
        start[0] == 0 ? TracedLayers.Fragment.FORWARD : TracedLayers.Fragment.BACKWARD);
  }

  private static TracedLayers pad(OnnxNode node, TracedLayers traced) {
    node.expect("mode", node.text("mode", "constant"), "constant");
    float value = node.hasInput(2) ? node.weights(2, "value").values()[0] : node.single("value", 0);
    node.expect("value", value, 0f);
    long[] pads = node.integers(1, "pads");
    int rank = traced.layout().axes().length();
    long[] axes = node.hasInput(3) ? node.integers(3, "axes") : LongStream.range(0, rank).toArray();
    boolean fits = pads.length == 2 * axes.length;
    long frames = 0;
    for (int i = 0; fits && i < axes.length; i++) {
      boolean time = traced.layout().axis(axes[i]) == traced.layout().axes().indexOf('T');
      frames += time ? pads[i] : 0;
      fits = (time || pads[i] == 0) && pads[i + axes.length] == 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "pads=" + Arrays.toString(pads) + ", supported: frames before, for " + traced.layout());
    }
    return traced.padded(frames);
  }

  /** Reads a convolution along time; further axes, as in 2-D convolutions, must have size one. */
  private static TracedLayers conv(OnnxNode node, TracedLayers traced) {
    if (PlanesReader.reads(traced)) {
      return PlanesReader.conv(node, traced);
    }
    traced.expect(
        traced.layout().axes().matches("NCN*TN*"),
        Layout.BATCH_VALUES_TIME + ", or with further axes of size one");
    Tensor w = node.weights(1, "weights");
    int axes = traced.layout().axes().length() - 2;
    int time = traced.layout().axes().indexOf('T') - 2;
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
    if ((long) kernel * w.dims()[1] * outputs > NdArray.MOST) { // including zeros between taps
      throw new IllegalArgumentException(
          "dilations=" + dilations + ", supported: up to " + NdArray.MOST + " weights");
    }
    String auto = node.text("auto_pad", "NOTSET");
    node.expect("auto_pad", auto.equals("VALID") ? "NOTSET" : auto, "NOTSET");
    List<Long> pads = node.integers("pads", Collections.nCopies(2 * axes, 0L));
    List<Long> before = new ArrayList<>(Collections.nCopies(2 * axes, 0L));
    before.set(time, pads.size() == before.size() ? pads.get(time) : -1);
    if (!pads.equals(before) || pads.get(time) < 0 || pads.get(time) + traced.padding() >= kernel) {
      throw new IllegalArgumentException(
          "pads="
              + pads
              + (traced.padding() > 0 ? " after " + traced.padding() + " frames of Pad" : "")
              + ", supported: 0 to kernel-1 frames before, 0 after");
    }
    List<Long> strides = node.integers("strides", ones);
    long step = strides.size() == axes ? strides.get(time) : 0;
    if (step < 1 || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("strides=" + strides + ", expected one of at least 1");
    }
    float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
    int padding = pads.get(time).intValue() + traced.padding();
    return traced.then(new Conv1d(taps(w, (int) apart), bias, kernel, (int) step, padding));
  }

  /**
   * Reorders ONNX's [outputs][inputs][taps] to [kernel * inputs][outputs], with zeros between
   * dilated taps.
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

  /** Reads the floor of a leaky rectifier. */
  private static TracedLayers floor(OnnxNode node, TracedLayers traced) {
    node.expect("inputs", node.proto().getInputCount(), 2);
    float[] least = node.weights(1, "floor").values();
    if (!(traced.layer() instanceof Activation.Leaky leaky)
        || leaky.floor() > Float.NEGATIVE_INFINITY
        || least.length != 1) {
      throw new IllegalArgumentException("supported only after a LeakyRelu, with one number");
    }
    Activation.Leaky floored = new Activation.Leaky(leaky.slope(), least[0], leaky.outputs());
    return traced.replaced(floored);
  }

  /** Reads steps put before a stream. */
  private static TracedLayers lead(OnnxNode node, TracedLayers traced) {
    node.expect("inputs", node.proto().getInputCount(), 2);
    boolean time = traced.layout().axis(node.integer("axis", 0)) == 1;
    if (!time || !traced.layout().equals(Layout.BATCH_TIME_VALUES) || !node.hasConstant(0)) {
      throw new IllegalArgumentException(
          "supported only for steps before those of " + Layout.BATCH_TIME_VALUES);
    }
    Tensor steps = node.weights(0, "steps");
    int width = traced.width();
    steps.shaped("steps", 1, steps.values().length / width, width);
    return traced.then(new Conv1d.Lead(steps.rows(width)));
  }

  private static TracedLayers norm(OnnxNode node, TracedLayers traced) {
    traced.expect(
        traced.layout().axes().indexOf('C') == 1 && !traced.layout().isSplit(), "values on axis 1");
    node.expect("training_mode", node.integer("training_mode", 0), 0L);
    int width = traced.width();
    return traced.then(
        new BatchNorm(
            node.weights(1, "scale").shaped("scale", width).values(),
            node.weights(2, "B").shaped("B", width).values(),
            node.weights(3, "mean").shaped("mean", width).values(),
            node.weights(4, "var").shaped("var", width).values(),
            node.single("epsilon", 1e-5f)));
  }

  private static TracedLayers gemm(OnnxNode node, TracedLayers traced) {
    traced.expect(traced.layout().axes().equals("TC"), "[time, values]");
    node.expect("alpha", node.single("alpha", 1), 1f);
    node.expect("beta", node.single("beta", 1), 1f);
    node.expect("transA", node.integer("transA", 0), 0L);
    boolean transposed = node.integer("transB", 0) != 0;
    Tensor w = node.weights(1, "weights");
    int width = traced.width();
    int outputs = w.dims().length == 2 ? w.dims()[transposed ? 0 : 1] : 1;
    w.shaped("weights", transposed ? outputs : width, transposed ? width : outputs);
    float[] bias = new float[outputs];
    if (node.hasInput(2) && node.weights(2, "bias").values().length == 1) {
      Arrays.fill(bias, node.weights(2, "bias").values()[0]);
    } else if (node.hasInput(2)) {
      bias = bias(node, 2, outputs);
    }
    return traced.then(
        new Dense(transposed ? w.columnsAsRows(0, outputs, width) : w.rows(outputs), bias));
  }

  /** Reads a bias of one value per output; leading axes of size one are ignored. */
  private static float[] bias(OnnxNode node, int input, int outputs) {
    Tensor bias = node.weights(input, "bias");
    int last = bias.dims().length - 1;
    if (last < 0 || bias.dims()[last] != outputs || bias.values().length != outputs) {
      bias.shaped("bias", outputs);
    }
    return bias.values();
  }

  /** Reads layers in two dimensions. */
  private static final class PlanesReader {
    /** Whether a tensor is [1, values, time, bands], perhaps with one value. */
    static boolean reads(TracedLayers traced) {
      String axes = traced.layout().axes();
      return axes.equals("NCTF") || axes.equals("NNTC");
    }

    private static int bands(TracedLayers traced) {
      boolean split = traced.layout().isSplit();
      return split ? traced.layout().bands() : traced.width();
    }

    static TracedLayers conv(OnnxNode node, TracedLayers traced) {
      int bands = bands(traced);
      int channels = traced.width() / bands;
      Tensor w = node.weights(1, "weights");
      if (w.dims().length != 4 || w.dims()[1] != channels) {
        throw new IllegalArgumentException(
            "weights of shape "
                + Arrays.toString(w.dims())
                + ", expected [outputs, "
                + channels
                + ", steps, bands]");
      }
      int outputs = w.dims()[0];
      int kernel = w.dims()[2];
      int reach = w.dims()[3];
      List<Long> ones = List.of(1L, 1L);
      node.expect("group", node.integer("group", 1), 1L);
      node.expect("dilations", node.integers("dilations", ones), ones);
      node.expect("strides", node.integers("strides", ones), ones);
      node.expect("auto_pad", node.text("auto_pad", "NOTSET"), "NOTSET");
      List<Long> shape = List.of((long) kernel, (long) reach);
      node.expect("kernel_shape", node.integers("kernel_shape", shape), shape);
      long beside = reach / 2;
      List<Long> none = List.of(0L, 0L, 0L, 0L);
      node.expect("pads", node.integers("pads", none), List.of(0L, beside, 0L, beside));
      node.expect("padding before it", traced.padding(), 0);
      float[] bias = node.hasInput(2) ? bias(node, 2, outputs) : new float[outputs];
      Planes.Conv2d conv = new Planes.Conv2d(rows(w), bias, bands, kernel, reach);
      return traced.then(conv).in(Layout.BATCH_VALUES_TIME_BANDS.of(bands));
    }

    /** Reorders ONNX's [outputs][channels][steps][bands] to [steps * bands * channels][outputs]. */
    private static float[][] rows(Tensor w) {
      int outputs = w.dims()[0];
      int channels = w.dims()[1];
      int places = w.dims()[2] * w.dims()[3];
      float[][] rows = new float[places * channels][outputs];
      for (int o = 0; o < outputs; o++) {
        for (int c = 0; c < channels; c++) {
          for (int k = 0; k < places; k++) {
            rows[k * channels + c][o] = w.values()[(o * channels + c) * places + k];
          }
        }
      }
      return rows;
    }

    static TracedLayers pool(OnnxNode node, TracedLayers traced) {
      traced.expect(reads(traced), Layout.BATCH_VALUES_TIME_BANDS.toString());
      List<Long> block = node.integers("kernel_shape", List.of());
      List<Long> none = List.of(0L, 0L, 0L, 0L);
      node.expect("pads", node.integers("pads", none), none);
      node.expect("strides", node.integers("strides", List.of(1L, 1L)), block);
      node.expect("dilations", node.integers("dilations", List.of(1L, 1L)), List.of(1L, 1L));
      node.expect("ceil_mode", node.integer("ceil_mode", 0), 0L);
      node.expect("auto_pad", node.text("auto_pad", "NOTSET"), "NOTSET");
      int bands = bands(traced);
      if (block.size() != 2 || block.stream().anyMatch(size -> size < 1 || size > LONGEST_KERNEL)) {
        throw new IllegalArgumentException(
            "kernel_shape=" + block + ", supported: two numbers up to " + LONGEST_KERNEL);
      }
      int reach = block.get(1).intValue();
      Planes.MaxPool pool =
          new Planes.MaxPool(bands, traced.width() / bands, block.get(0).intValue(), reach);
      return traced.then(pool).in(Layout.BATCH_VALUES_TIME_BANDS.of(bands / reach));
    }
  }
}
