// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel.vector;

import io.github.rouse.kernel.ScalarWeights;
import io.github.rouse.kernel.Weights;

/**
 * The vector twin of {@link ScalarWeights}: the outputs of one to ten rows stay in registers while
 * weights stream past, in panels three vectors wide with 32 registers and two wide with 16.
 *
 * <p>The last vector ends at the last output. Where it overlaps the previous vector, its weights
 * are zero and the previous vector is stored after it.
 */
final class VectorWeights implements Weights {
  private static final int L = VectorLoops.L;
  private static final int NEAR = 32 << 10; // bytes of a panel that stays in the L1 cache

  private final int inputs;
  private final int outputs; // more than a vector
  private final int vectors;
  private final int widest; // vectors per panel
  private final float[] panels; // [panels][inputs][vectors of the panel][L]

  /**
   * Lays out rows wider than one vector, so that every panel has at least two.
   *
   * @param widest vectors per panel: 2, or 3 if the sums of eight rows fit the registers
   */
  VectorWeights(float[][] rows, int widest) {
    this.widest = widest;
    inputs = rows.length;
    outputs = rows[0].length;
    vectors = (outputs + L - 1) / L;
    panels = new float[inputs * vectors * L];
    int at = 0;
    int width;
    for (int v = 0; v < vectors; v += width) {
      width = width(v);
      for (float[] row : rows) {
        for (int k = v; k < v + width; k++) {
          int skipped = k * L - offset(k); // columns of the previous vector
          System.arraycopy(row, k * L, panels, at + skipped, L - skipped);
          at += L;
        }
      }
    }
  }

  /**
   * Vectors in the panel that starts at this one; never leaves a single vector for the last panel.
   */
  private int width(int vector) {
    int left = vectors - vector;
    return left <= 3 ? left : left == 4 ? 2 : widest;
  }

  /** The first output of a vector. */
  private int offset(int vector) {
    return Math.min(vector * L, outputs - L);
  }

  @Override
  public void addProduct(float[][] x, float[][] y, int count) {
    int together = count % 4 == 1 ? count - 1 : count; // rows that share each load of the weights
    int at = 0;
    int width;
    for (int v = 0; v < vectors && together > 0; v += width) {
      width = width(v);
      addRows(x, y, together, at, v, width);
      at += inputs * width * L;
    }
    for (int r = together; r < count; r++) {
      addRow(x, y, r);
    }
  }

  /** Computes one panel's outputs for two rows or more. */
  private void addRows(float[][] x, float[][] y, int count, int at, int v, int width) {
    int o0 = offset(v);
    int o1 = offset(v + 1);
    int o2 = offset(v + 2);
    boolean overlap = offset(v + width - 1) < (v + width - 1) * L; // then stored in one go
    int r = 0;
    // 16 registers hold the sums of ten rows and one vector. Two tens leave a multiple of four.
    for (; widest == 2 && !overlap && r + 20 <= count; r += 20) {
      for (int k = 0; k < width; k++) {
        int from = at + k * L;
        VectorLoops.rows10x1(x, y, r, inputs, panels, from, width * L, offset(v + k));
        VectorLoops.rows10x1(x, y, r + 10, inputs, panels, from, width * L, offset(v + k));
      }
    }
    // Eight rows halve the loads of weights, but four have sums and inputs in fewer registers.
    boolean near = width == 3 && inputs * 3 * L * Float.BYTES <= NEAR;
    for (; r + 8 <= count && !near; r += 8) {
      if (widest == 2 && !overlap) {
        for (int k = 0; k < width; k++) {
          VectorLoops.rows8x1(x, y, r, inputs, panels, at + k * L, width * L, offset(v + k));
        }
      } else if (width == 3) {
        VectorLoops.rows8x3(x, y, r, inputs, panels, at, o0, o1, o2);
      } else {
        VectorLoops.rows8x2(x, y, r, inputs, panels, at, o0, o1);
      }
    }
    for (; r + 4 <= count; r += 4) {
      if (width == 3) {
        VectorLoops.rows4x3(x, y, r, inputs, panels, at, o0, o1, o2);
      } else {
        VectorLoops.rows4x2(x, y, r, inputs, panels, at, o0, o1);
      }
    }
    if (count - r == 3 && width == 3) {
      VectorLoops.rows3x3(x, y, r, inputs, panels, at, o0, o1, o2);
    } else if (count - r == 3) {
      VectorLoops.rows3x2(x, y, r, inputs, panels, at, o0, o1);
    } else if (count - r == 2 && width == 3) {
      VectorLoops.rows2x3(x, y, r, inputs, panels, at, o0, o1, o2);
    } else if (count - r == 2) {
      VectorLoops.rows2x2(x, y, r, inputs, panels, at, o0, o1);
    }
  }

  /**
   * Whether the next vectors fill whole panels and do not overlap.
   *
   * @param left vectors left
   * @param count vectors in these panels
   */
  private boolean whole(int left, int count) {
    return left >= count + 2 || left == count && outputs % L == 0;
  }

  private void addRow(float[][] x, float[][] y, int r) {
    int at = 0;
    int width;
    for (int v = 0; v < vectors; v += width) {
      int left = vectors - v;
      width = width(v);
      if (widest == 2 && whole(left, 8)) {
        width = 8;
        VectorLoops.row1x8(x[r], y[r], inputs, panels, at, v * L);
      } else if (widest == 3 && whole(left, 12)) {
        width = 12;
        VectorLoops.row1x12(x[r], y[r], inputs, panels, at, v * L);
      } else if (widest == 3 && whole(left, 6)) {
        width = 6;
        VectorLoops.row1x6(x[r], y[r], inputs, panels, at, v * L);
      } else if (width == 3) {
        VectorLoops.rows1x3(x, y, r, inputs, panels, at, offset(v), offset(v + 1), offset(v + 2));
      } else {
        VectorLoops.rows1x2(x, y, r, inputs, panels, at, offset(v), offset(v + 1));
      }
      at += inputs * width * L;
    }
  }
}
