// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import java.util.Arrays;

/**
 * The weights of one direction of an ONNX RNN, GRU or LSTM node, in the layout of Rouse's layers.
 * The gates and their order are the same. ONNX stacks the directions, and its weights are
 * transposed: W [directions][gates * units][inputs], R [directions][gates * units][units], B
 * [directions][2 * gates * units], P [directions][3 * units].
 *
 * @param w W, [inputs][gates * units]
 * @param r R, [units][gates * units]
 * @param wb the first half of B, [gates * units]
 * @param rb the second half of B, [gates * units]
 * @param p P, [3 * units], or empty
 */
record RecurrentWeights(float[][] w, float[][] r, float[] wb, float[] rb, float[] p) {
  // ONNX's GRU always has a relevance gate. This bias holds it at exactly 1 in float, as does any
  // bias from 20 up.
  private static final float OPEN = 100;
  private static final float OPEN_ENOUGH = 20;

  int units() {
    return r.length;
  }

  int width() {
    return wb.length;
  }

  /** Whether the relevance gate is always 1, as in a simplified unit. */
  boolean hasOpenGate() {
    int units = units();
    for (int u = units; u < 2 * units; u++) {
      int gate = u;
      if (!(wb[u] + rb[u] >= OPEN_ENOUGH)
          || Arrays.stream(w).anyMatch(row -> row[gate] != 0)
          || Arrays.stream(r).anyMatch(row -> row[gate] != 0)) {
        return false;
      }
    }
    return true;
  }

  /** Drops the relevance gate: z, r, h to z, h. */
  RecurrentWeights withoutGate() {
    return new RecurrentWeights(
        withoutGate(w), withoutGate(r), withoutGate(wb), withoutGate(rb), p);
  }

  private static float[][] withoutGate(float[][] rows) {
    return Arrays.stream(rows).map(RecurrentWeights::withoutGate).toArray(float[][]::new);
  }

  private static float[] withoutGate(float[] zrh) {
    int units = zrh.length / 3;
    float[] zh = Arrays.copyOf(zrh, 2 * units);
    System.arraycopy(zrh, 2 * units, zh, units, units);
    return zh;
  }

  /** Adds an open relevance gate: z, h to z, r, h. */
  RecurrentWeights withGate() {
    return new RecurrentWeights(
        withGate(w, 0), withGate(r, 0), withGate(wb, OPEN), withGate(rb, 0), p);
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
}
