package io.github.rouse.nn;

import java.util.Arrays;

/**
 * Values of steps (or frames) of one or several streams, in the order in which they are computed.
 * The steps of one stream are in the order of time. Those that stand beside each other by rising
 * numbers of their streams make a round, which is computed at once: a product of matrices in place
 * of one of a matrix and a vector for each.
 */
public final class StepBatch {
  private final int width; // of rows that are its own
  float[][] rows = new float[0][]; // [count or more][width]
  int[] streams = new int[0]; // of each row
  int count;

  /** None yet, to be added. */
  public StepBatch() {
    this(0);
  }

  /** None yet, to be computed. */
  StepBatch(int width) {
    this.width = width;
  }

  /** One stream's steps, not copied: [count][width]. */
  public static StepBatch of(float[][] rows) {
    StepBatch steps = new StepBatch();
    for (float[] row : rows) {
      steps.add(0, row);
    }
    return steps;
  }

  /** How many there are. */
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

  /** Forgets all steps. */
  public void clear() {
    count = 0;
  }

  /** Adds a step; its values are not copied. */
  public void add(int stream, float[] values) {
    grow(count + 1);
    rows[count] = values;
    streams[count++] = stream;
  }

  /** Adds a step; its values, still to be computed. */
  float[] add(int stream) {
    grow(count + 1);
    if (rows[count] == null) {
      rows[count] = new float[width];
    }
    streams[count] = stream;
    return rows[count++];
  }

  /** Becomes steps of the same streams as these, with values still to be computed. */
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

  /** The step after the last of the round that begins with one. */
  int roundEnd(int from) {
    int to = from + 1;
    while (to < count && streams[to] > streams[to - 1]) {
      to++;
    }
    return to;
  }

  /** The values alone, [count][width], not copied. */
  float[][] toArray() {
    return Arrays.copyOf(rows, count);
  }
}
