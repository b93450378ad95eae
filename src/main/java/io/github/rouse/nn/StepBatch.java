// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.Arrays;

/**
 * Steps (or frames) of one or several streams, in order of computation. The steps of one stream are
 * in order of time. Consecutive steps with ascending stream numbers form a round, which is computed
 * at once: one matrix product instead of a matrix-vector product per stream.
 */
public final class StepBatch {
  private final int width; // of rows that this batch allocates
  float[][] rows = new float[0][]; // [count or more][width]
  int[] streams = new int[0]; // of each row
  int count;
  private float[][] lengths = new float[0][]; // [count or more][width], where a layer gives them

  /** Creates an empty batch for rows of any width. */
  public StepBatch() {
    this(0);
  }

  /** Creates an empty batch that allocates its rows, for a layer's results. */
  public StepBatch(int width) {
    this.width = width;
  }

  /** Wraps one stream's steps, [count][width], without copying. */
  public static StepBatch of(float[][] rows) {
    StepBatch steps = new StepBatch();
    for (float[] row : rows) {
      steps.add(0, row);
    }
    return steps;
  }

  /** The number of steps. */
  public int count() {
    return count;
  }

  /** The stream of a step. */
  public int stream(int step) {
    return streams[step];
  }

  /** The values of a step. */
  public float[] values(int step) {
    return rows[step];
  }

  /**
   * How many steps back that begins which each value stands for, [outputs] like the values; null if
   * the layer does not know.
   */
  public float[] lengths(int step) {
    return step < lengths.length ? lengths[step] : null;
  }

  /** The row of lengths of the step added last, to be filled in. */
  float[] lengths() {
    if (lengths.length < rows.length) {
      lengths = Arrays.copyOf(lengths, rows.length);
    }
    if (lengths[count - 1] == null) {
      lengths[count - 1] = new float[width];
    }
    return lengths[count - 1];
  }

  /** Removes all steps. */
  public void clear() {
    count = 0;
  }

  /** Adds a step without copying its values. */
  public void add(int stream, float[] values) {
    grow(count + 1);
    rows[count] = values;
    streams[count++] = stream;
  }

  /** Adds a step and returns its row, to be filled in. */
  float[] add(int stream) {
    grow(count + 1);
    if (rows[count] == null) {
      rows[count] = new float[width];
    }
    streams[count] = stream;
    return rows[count++];
  }

  /** Takes on the steps and streams of another batch, with rows to be filled in. */
  void like(StepBatch others) {
    count = others.count;
    grow(count);
    System.arraycopy(others.streams, 0, streams, 0, count);
    for (int i = 0; i < count; i++) {
      if (rows[i] == null) {
        rows[i] = new float[width];
      }
    }
  }

  private void grow(int needed) {
    if (needed > rows.length) {
      int length = Math.max(needed, rows.length + rows.length / 2);
      rows = Arrays.copyOf(rows, length);
      streams = Arrays.copyOf(streams, length);
    }
  }

  /** The end (exclusive) of the round that starts at a step. */
  int roundEnd(int from) {
    int to = from + 1;
    while (to < count && streams[to] > streams[to - 1]) {
      to++;
    }
    return to;
  }

  /** The rows, [count][width], not copied. */
  public float[][] toArray() {
    return Arrays.copyOf(rows, count);
  }
}
