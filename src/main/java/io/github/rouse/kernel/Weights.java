// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * A weight matrix, laid out once for products with a few rows: steps of one stream, or one step of
 * several streams. Immutable and thread-safe.
 *
 * <p>Each element of a result adds its terms in ascending order, so it depends neither on the other
 * rows of the product nor on the implementation.
 */
public interface Weights {
  /**
   * {@code y[r][o] += sum over i of x[r][i] * w[i][o]}, i ascending, for each of {@code count}
   * rows.
   *
   * @param x inputs, [count][inputs]; row lengths must match and are not checked
   * @param y outputs, added to, [count][outputs]; likewise
   */
  void addProduct(float[][] x, float[][] y, int count);
}
