// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * Starts a process in plain Java and changes to vectors once it has computed for about a second.
 * Vector code takes that long to compile, which costs more than it saves on short sounds. Both give
 * the same bits.
 */
final class Late {
  private static final boolean PLAIN_ONLY = Probe.TILE instanceof ScalarTile;
  private static final ScalarTile PLAIN = new ScalarTile();
  private static final FilterLoops PLAIN_LOOPS = PLAIN.filterLoops();

  // Multiply-adds left for plain Java. Threads may lose an update, which does not matter.
  private static long left = Long.getLong("rouse.kernel.plain", 10_000_000_000L);

  private Late() {}

  /** Lays out weights, in plain Java until vectors are due. */
  static Weights weights(float[][] rows) {
    Weights plain = PLAIN.weights(rows);
    return PLAIN_ONLY || rows.length == 0 ? plain : new LateWeights(plain, rows);
  }

  /** Returns the loops to begin with. */
  static FilterLoops loops() {
    return PLAIN_LOOPS;
  }

  /**
   * Returns the loops to continue with.
   *
   * @param work multiply-adds to come
   */
  static FilterLoops loops(FilterLoops now, int work) {
    return !PLAIN_ONLY && now == PLAIN_LOOPS && due(work) ? Probe.TILE.filterLoops() : now;
  }

  /** Counts the multiply-adds of a training's product, which uses vectors from the start. */
  static void count(int rows, int depth, int columns) {
    due((long) rows * depth * columns);
  }

  /** Counts multiply-adds; returns whether vectors are due. */
  private static boolean due(long work) {
    if (left > 0) {
      left = Math.max(0, left - work);
    }
    return left == 0;
  }

  /** Weights in plain Java until vectors are due. */
  private static final class LateWeights implements Weights {
    private volatile Weights weights;
    private float[][] rows; // [inputs][outputs]; null once vectors hold them

    LateWeights(Weights plain, float[][] rows) {
      weights = plain;
      this.rows = rows;
    }

    @Override
    public void addProduct(float[][] x, float[][] y, int count) {
      float[][] plain = rows;
      if (plain != null && due((long) plain.length * plain[0].length * count)) {
        weights = Probe.TILE.weights(plain);
        rows = null;
      }
      weights.addProduct(x, y, count);
    }
  }
}
