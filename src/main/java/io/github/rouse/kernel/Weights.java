package io.github.rouse.kernel;

/**
 * A matrix of weights, laid out once for products with a few rows: steps of a stream, or one step
 * of several streams. Immutable and shared by threads.
 *
 * <p>Each element of a result adds its terms in ascending order, so it depends neither on the other
 * rows of the product nor on which implementation is there.
 */
public interface Weights {
  /**
   * {@code y[r][o] += sum over i of x[r][i] * w[i][o]}, i ascending, for each of {@code count}
   * rows.
   *
   * @param x inputs, [count][inputs]; rows of exactly this length, which is not checked
   * @param y outputs, added to, [count][outputs]; the same
   */
  void addProduct(float[][] x, float[][] y, int count);
}
