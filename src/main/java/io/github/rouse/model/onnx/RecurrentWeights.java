package io.github.rouse.model.onnx;

import java.util.Arrays;

/**
 * The weights of one direction of an ONNX RNN, GRU or LSTM node, as our layers have them. Both hold
 * the same gates in the same order. ONNX stacks the directions, and its weight rows are our
 * columns: W [directions][gates * units][inputs], R [directions][gates * units][units], B
 * [directions][2 * gates * units], P [directions][3 * units].
 *
 * @param w W, [inputs][gates * units]
 * @param r R, [units][gates * units]
 * @param wb the first half of B, [gates * units]
 * @param rb the second half of B, [gates * units]
 * @param p P, [3 * units], or empty
 */
record RecurrentWeights(float[][] w, float[][] r, float[] wb, float[] rb, float[] p) {
  // ONNX's GRU always has a relevance gate. A bias of this size holds it at 1 in float: exp(-100)
  // is lost beside 1, and so is every bias from 20 on.
  private static final float OPEN = 100;
  private static final float OPEN_ENOUGH = 20;

  int units() {
    return r.length;
  }

  int width() {
    return wb.length;
  }

  /** Whether the relevance gate is 1 whatever comes: a simplified unit. */
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

  /** These gates z, r, h as z, h. */
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

  /** These gates z, h as z, r, h with r held open. */
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
