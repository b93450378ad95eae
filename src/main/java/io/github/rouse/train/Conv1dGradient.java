package io.github.rouse.train;

import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.Packed;
import io.github.rouse.kernel.Product;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Conv1d} in training: for each clip and tap one matrix product over the frames that the tap
 * reads. Outputs whose frame would lie in the padding are left out of a tap's product.
 */
final class Conv1dGradient implements LayerGradient {
  private final int inputs;
  private final int kernel; // taps
  private final int stride; // frames
  private final int padding; // frames before the first
  private final Parameter weights; // [kernel * inputs][outputs]
  private final Parameter bias; // [outputs]
  private final Workers workers;
  private final float[][] weightParts; // [worker][kernel * inputs * outputs]
  private final float[][] biasParts; // [worker][outputs]
  private final Packed[] forward; // [kernel], each tap's weights
  private final Packed[] backward; // [kernel], transposed
  private final Packed[] packedGradients; // [worker], a clip's gradient by the outputs
  private int packedSteps; // rows of these

  private Steps in;
  private Steps out;
  private Steps inGradient;

  Conv1dGradient(
      String name, int inputs, int outputs, int kernel, int stride, int padding, Workers workers) {
    this.inputs = inputs;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.workers = workers;
    weights = new Parameter(name + ".weights", kernel * inputs, outputs);
    bias = new Parameter(name + ".bias", 1, outputs);
    weightParts = new float[workers.count()][kernel * inputs * outputs];
    biasParts = new float[workers.count()][outputs];
    forward = new Packed[kernel];
    backward = new Packed[kernel];
    packedGradients = new Packed[workers.count()];
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    this.in = in;
    int spare = in.steps() - (kernel - padding); // frames after the first output's last
    int steps = spare < 0 ? 0 : spare / stride + 1;
    out = Steps.sized(out, steps, in.clips(), bias.columns());
    for (int tap = 0; tap < kernel; tap++) {
      forward[tap] = Affine.packed(forward[tap], weights.values().rows(tap * inputs, inputs));
    }
    workers.each(
        in.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            forward(clip, product);
          }
        });
    return out;
  }

  private void forward(int clip, Product product) {
    for (int j = 0; j < out.steps(); j++) {
      int at = (j * out.clips() + clip) * out.width();
      System.arraycopy(bias.value(), 0, out.data(), at, out.width());
    }
    for (int tap = 0; tap < kernel; tap++) {
      int first = firstOutput(tap);
      if (first < out.steps()) {
        product.add(frames(in, clip, tap), forward[tap], outputs(out, clip, first));
      }
    }
  }

  /** The first output for which this tap reads a frame and not padding. */
  private int firstOutput(int tap) {
    return Math.max(0, (padding - tap + stride - 1) / stride);
  }

  /** The frames that a tap reads for a clip's outputs from the first on, [outputs][inputs]. */
  private Matrix frames(Steps s, int clip, int tap) {
    int first = firstOutput(tap);
    int row = (first * stride + tap - padding) * s.clips() + clip;
    int rowStride = stride * s.clips() * inputs;
    return new Matrix(s.data(), row * inputs, out.steps() - first, inputs, rowStride, 1);
  }

  /** A clip's outputs from one on, [steps - first][outputs]. */
  private static Matrix outputs(Steps s, int clip, int first) {
    int width = s.width();
    int at = (first * s.clips() + clip) * width;
    return new Matrix(s.data(), at, s.steps() - first, width, s.clips() * width, 1);
  }

  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    if (packedSteps != out.steps()) {
      packedSteps = out.steps();
      Arrays.fill(packedGradients, null);
    }
    if (needed) {
      inGradient = Steps.sized(inGradient, in.steps(), in.clips(), inputs);
      for (int tap = 0; tap < kernel; tap++) {
        Matrix transposed = weights.values().rows(tap * inputs, inputs).transposed();
        backward[tap] = Affine.packed(backward[tap], transposed);
      }
    }
    workers.each(
        in.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            addGradient(outGradient, clip, part, product);
            if (needed) {
              spread(outGradient, clip, product);
            }
          }
        });
    Affine.gather(weightParts, weights.gradient());
    Affine.gather(biasParts, bias.gradient());
    return needed ? inGradient : null;
  }

  /** By the weights, tap by tap: frames transposed times the clip's gradient, packed once. */
  private void addGradient(Steps outGradient, int clip, int part, Product product) {
    Matrix given = outputs(outGradient, clip, 0);
    Affine.addColumns(given, biasParts[part]);
    Packed packed = Affine.packed(packedGradients[part], given);
    packedGradients[part] = packed;
    Matrix sums = Matrix.of(weightParts[part], weights.rows(), weights.columns());
    for (int tap = 0; tap < kernel; tap++) {
      int first = firstOutput(tap);
      if (first < out.steps()) {
        Matrix frames = frames(in, clip, tap).transposed();
        product.add(frames, packed, first, sums.rows(tap * inputs, inputs));
      }
    }
  }

  /** By the inputs. */
  private void spread(Steps outGradient, int clip, Product product) {
    for (int t = 0; t < in.steps(); t++) {
      int at = (t * in.clips() + clip) * inputs;
      Arrays.fill(inGradient.data(), at, at + inputs, 0f);
    }
    for (int tap = 0; tap < kernel; tap++) {
      int first = firstOutput(tap);
      if (first < out.steps()) {
        Matrix given = outputs(outGradient, clip, first);
        product.add(given, backward[tap], frames(inGradient, clip, tap));
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weights, bias);
  }

  @Override
  public Layer trained() {
    return new Conv1d(weights.toRows(), bias.value().clone(), kernel, stride, padding);
  }
}
