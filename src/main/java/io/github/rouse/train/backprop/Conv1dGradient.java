// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.PackedMatrix;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * Trains {@link Conv1d}. A clip's frames are copied contiguously after the padding, so that each
 * output reads one row of a matrix with overlapping rows. Forward and gradient are then one matrix
 * product each per clip.
 */
public final class Conv1dGradient implements LayerGradient {
  private final int inputs;
  private final int kernel; // taps
  private final int stride; // frames
  private final int padding; // frames before the first
  private final Parameter weights; // [kernel * inputs][outputs]
  private final Parameter bias; // [outputs]
  private final WorkerPool workers;
  private final float[][] weightParts; // [worker][outputs * kernel * inputs], transposed
  private final float[][] biasParts; // [worker][outputs]
  private final float[][] clipFrames; // [worker][(padding + frames) * inputs]
  private final float[][] clipOutputs; // [worker][steps * outputs], or their gradient
  private final PackedMatrix[] backward; // [kernel], each tap's weights transposed
  private PackedMatrix forward; // weights

  private SequenceBatch in;
  private SequenceBatch out;
  private SequenceBatch inGradient;

  public Conv1dGradient(
      String name,
      int inputs,
      int outputs,
      int kernel,
      int stride,
      int padding,
      WorkerPool workers) {
    this.inputs = inputs;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.workers = workers;
    weights = new Parameter(name + ".weights", kernel * inputs, outputs);
    bias = new Parameter(name + ".bias", 1, outputs);
    weightParts = new float[workers.count()][kernel * inputs * outputs];
    biasParts = new float[workers.count()][outputs];
    clipFrames = new float[workers.count()][];
    clipOutputs = new float[workers.count()][];
    backward = new PackedMatrix[kernel];
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    int spare = in.steps() - (kernel - padding); // frames after the first output's window
    int steps = spare < 0 ? 0 : spare / stride + 1;
    out = SequenceBatch.sized(out, steps, in.clips(), bias.columns());
    forward = Linear.packed(forward, weights.values());
    workers.each(
        in.clips(),
        (part, from, to, product) -> {
          for (int clip = from; clip < to; clip++) {
            forward(clip, part, product);
          }
        });
    return out;
  }

  private void forward(int clip, int part, Gemm product) {
    Matrix sums = clipOutputs(part);
    int width = out.width();
    for (int step = 0; step < out.steps(); step++) {
      System.arraycopy(bias.value(), 0, sums.data(), step * width, width);
    }
    product.add(windows(clip, part), forward, sums);
    for (int step = 0; step < out.steps(); step++) {
      int to = (step * out.clips() + clip) * width;
      System.arraycopy(sums.data(), step * width, out.data(), to, width);
    }
  }

  /**
   * Scratch for a clip's outputs, [steps][outputs], contiguous: in a batch each step of a clip is
   * on a different memory page.
   */
  private Matrix clipOutputs(int part) {
    int length = out.steps() * out.width();
    if (clipOutputs[part] == null || clipOutputs[part].length != length) {
      clipOutputs[part] = new float[length];
    }
    return Matrix.of(clipOutputs[part], out.steps(), out.width());
  }

  /** The input window of each output of a clip, [steps][kernel * inputs], rows overlapping. */
  private Matrix windows(int clip, int part) {
    int length = (padding + in.steps()) * inputs;
    if (clipFrames[part] == null || clipFrames[part].length != length) {
      clipFrames[part] = new float[length];
    }
    float[] frames = clipFrames[part];
    for (int t = 0; t < in.steps(); t++) {
      int from = (t * in.clips() + clip) * inputs;
      System.arraycopy(in.data(), from, frames, (padding + t) * inputs, inputs);
    }
    return new Matrix(frames, 0, out.steps(), kernel * inputs, stride * inputs, 1);
  }

  /** The first output for which a tap reads a frame instead of padding. */
  private int firstOutput(int tap) {
    return Math.max(0, (padding - tap + stride - 1) / stride);
  }

  /**
   * The rows of the frames' gradient that a tap adds to, for a clip's outputs from the first on,
   * [outputs][inputs].
   */
  private Matrix frames(SequenceBatch s, int clip, int tap) {
    int first = firstOutput(tap);
    int row = (first * stride + tap - padding) * s.clips() + clip;
    int rowStride = stride * s.clips() * inputs;
    return new Matrix(s.data(), row * inputs, out.steps() - first, inputs, rowStride, 1);
  }

  /** A clip's outputs from {@code first} on, [steps - first][outputs]. */
  private static Matrix outputs(SequenceBatch s, int clip, int first) {
    int width = s.width();
    int at = (first * s.clips() + clip) * width;
    return new Matrix(s.data(), at, s.steps() - first, width, s.clips() * width, 1);
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), inputs);
      for (int tap = 0; tap < kernel; tap++) {
        Matrix transposed = weights.values().rows(tap * inputs, inputs).transposed();
        backward[tap] = Linear.packed(backward[tap], transposed);
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
    gatherTransposed();
    Linear.gather(biasParts, bias.gradient());
    return needed ? inGradient : null;
  }

  /** The weight gradient, transposed: this way has fewer rows to pack. */
  private void addGradient(SequenceBatch outGradient, int clip, int part, Gemm product) {
    Matrix given = clipOutputs(part);
    int width = outGradient.width();
    for (int step = 0; step < outGradient.steps(); step++) {
      int from = (step * outGradient.clips() + clip) * width;
      System.arraycopy(outGradient.data(), from, given.data(), step * width, width);
    }
    Linear.addColumns(given, biasParts[part], 0);
    Matrix sums = Matrix.of(weightParts[part], bias.columns(), kernel * inputs);
    product.add(given.transposed(), windows(clip, part), sums);
  }

  private void gatherTransposed() {
    for (float[] part : weightParts) {
      for (int i = 0; i < weights.rows(); i++) {
        for (int j = 0; j < weights.columns(); j++) {
          weights.gradient()[i * weights.columns() + j] += part[j * weights.rows() + i];
        }
      }
      Arrays.fill(part, 0f);
    }
  }

  /** The input gradient. */
  private void spread(SequenceBatch outGradient, int clip, Gemm product) {
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
