// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Matrix;

/**
 * The values of a batch between two layers, time first: {@code data[(step * clips + clip) * width +
 * i]}.
 *
 * @param data [steps][clips][width]
 * @param steps in time
 * @param clips in the batch
 * @param width values per step and clip
 */
public record SequenceBatch(float[] data, int steps, int clips, int width) {
  /** Zeros. */
  public SequenceBatch(int steps, int clips, int width) {
    this(new float[steps * clips * width], steps, clips, width);
  }

  /** {@code old} if it has this shape, else new zeros; for buffers reused from batch to batch. */
  static SequenceBatch sized(SequenceBatch old, int steps, int clips, int width) {
    boolean fits = old != null && old.steps == steps && old.clips == clips && old.width == width;
    return fits ? old : new SequenceBatch(steps, clips, width);
  }

  /** Number of rows, steps times clips. */
  public int rows() {
    return steps * clips;
  }

  /** All rows, or some: [rows][width]. */
  public Matrix rows(int from, int count) {
    return new Matrix(data, from * width, count, width, width, 1);
  }

  /** Some clips at one step: [count][width]. */
  Matrix at(int step, int clip, int count) {
    return rows(step * clips + clip, count);
  }
}
