// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * One layer with its weights: immutable, shared by all streams. Callers must not modify its arrays.
 */
public sealed interface Layer
    permits Activation,
        Activation.Leaky,
        AttentionPooling,
        BatchNorm,
        Bidirectional,
        Cascade,
        Conv1d,
        Conv1d.Lead,
        Dense,
        LayerNorm,
        PhraseSearch,
        Planes,
        RecurrentLayer,
        Softmax,
        Windowed {

  /** Values read per step. */
  int inputs();

  /** Values written per step. */
  int outputs();

  /** Steps that one output reads. */
  default int kernel() {
    return 1;
  }

  /** Steps from one output to the next. */
  default int stride() {
    return 1;
  }

  /** Steps put before the first input step. */
  default int padding() {
    return 0;
  }

  /** The number of trained parameters. */
  long parameters();

  /** What {@link #like} compares. */
  default Object[] parts() {
    return new Object[] {this};
  }

  /** Whether a layer computes the same, bit for bit. */
  default boolean like(Layer other) {
    return getClass() == other.getClass() && Arrays.deepEquals(parts(), other.parts());
  }

  /**
   * Lays out the weights for the kernels; all streams share the result.
   *
   * @throws IllegalArgumentException if the layer needs the whole clip ({@link Bidirectional},
   *     {@link AttentionPooling})
   */
  Prepared prepare();

  /** Runs this layer over a whole clip, [steps][inputs] to [steps][outputs]. */
  default float[][] forward(float[][] in) {
    StepBatch out = new StepBatch(outputs());
    prepare().start(1).run(StepBatch.of(in), out);
    return out.toArray();
  }

  /** A layer ready to start streams. */
  interface Prepared {
    /** Starts streams, numbered from 0. */
    Step start(int streams);
  }

  /** The state of all streams in a layer, and the code that advances it. */
  interface Step {
    /**
     * Processes steps.
     *
     * @param out overwritten with the results; per stream, at most as many steps as came in, except
     *     from {@link Conv1d.Lead}
     */
    void run(StepBatch in, StepBatch out);

    /** Saves or restores all streams. */
    void state(Snapshot snapshot);

    /** Resets one stream. */
    void reset(int stream);
  }

  /** Checks the shape of a weight matrix [rows][columns]. */
  static void checkShape(String name, float[][] w, int rows, int columns) {
    if (w.length != rows) {
      throw new IllegalArgumentException(name + ".rows=" + w.length + ", expected " + rows);
    }
    for (float[] row : w) {
      if (row.length != columns) {
        checkLength(name + " row", row, columns);
      }
    }
  }

  /** Checks the length of a weight vector. */
  static void checkLength(String name, float[] v, int length) {
    if (v.length != length) {
      throw new IllegalArgumentException(name + ".length=" + v.length + ", expected " + length);
    }
  }
}
