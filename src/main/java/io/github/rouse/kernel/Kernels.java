// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/** Nonlinearities, in plain Java that HotSpot vectorises, and access to products and filters. */
@SuppressWarnings("FloatingPointLiteralPrecision") // Eigen's constants as published
public final class Kernels {
  private static final float TANH_FLAT = 9.5f; // beyond this, the quotient rounds to 1

  private Kernels() {}

  /** Describes the implementation, vector or scalar, and its tile shape. */
  public static String description() {
    return Probe.TILE.toString();
  }

  /** Returns the unit of panel widths, in outputs: products with whole panels waste nothing. */
  public static int columns() {
    return Probe.TILE.columns();
  }

  /**
   * Lays out weights for products.
   *
   * @param rows [inputs][outputs], not to be modified
   */
  public static Weights weights(float[][] rows) {
    return Late.weights(rows);
  }

  /**
   * Prepares filters over power spectra.
   *
   * @param filters window and triangles, not to be modified
   */
  public static FilterBank filterBank(TriangularFilters filters) {
    return new FilterBank(Late.loops(), filters);
  }

  /**
   * Prepares changes of the magnitudes of frames.
   *
   * @param window of each frame, before and after; its length is a power of two, at least 4
   */
  public static FrameTransform frameTransform(float[] window) {
    return new FrameTransform(Late.loops(), window);
  }

  /** Prepares convolutions. */
  public static Convolver convolver() {
    return new Convolver(Late.loops());
  }

  /** Values that {@link #correlate} may read and write beyond the last place. */
  public static int spare() {
    return FilterLoops.SPARE;
  }

  /**
   * Correlates: {@code sums[p] = sum over i of a[i] * x[p + i]}, i ascending.
   *
   * @param a [terms]
   * @param x [places + terms], and {@link #spare} more
   * @param sums output, [places], and {@link #spare} more
   */
  public static void correlate(float[] a, int terms, float[] x, int places, float[] sums) {
    Late.loops(Late.loops(), terms * places).correlate(a, terms, x, places, sums);
  }

  /**
   * Replaces each value by its logistic sigmoid, {@code 1/2 + tanh(x/2) / 2}; absolute error under
   * 2e-7.
   */
  public static void sigmoid(float[] v, int from, int to) {
    for (int i = from; i < to; i++) {
      v[i] = Math.fma(0.5f, tanh(0.5f * v[i]), 0.5f);
    }
  }

  /** Replaces each value by its hyperbolic tangent; absolute error under 3e-7. */
  public static void tanh(float[] v, int from, int to) {
    for (int i = from; i < to; i++) {
      v[i] = tanh(v[i]);
    }
  }

  /**
   * An odd polynomial over an even one, with the coefficients of Eigen's {@code ptanh}. C2
   * vectorises loops over it; since every operation rounds separately, the bits equal those of the
   * scalar code. Preserves NaN.
   */
  private static float tanh(float value) {
    float x = Math.max(-TANH_FLAT, Math.min(TANH_FLAT, value));
    float square = x * x;
    float p = Math.fma(square, -2.76076847742355e-16f, 2.00018790482477e-13f);
    p = Math.fma(square, p, -8.60467152213735e-11f);
    p = Math.fma(square, p, 5.12229709037114e-08f);
    p = Math.fma(square, p, 1.48572235717979e-05f);
    p = Math.fma(square, p, 6.37261928875436e-04f);
    p = Math.fma(square, p, 4.89352455891786e-03f);
    float q = Math.fma(square, 1.19825839466702e-06f, 1.18534705686654e-04f);
    q = Math.fma(square, q, 2.26843463243900e-03f);
    q = Math.fma(square, q, 4.89352518554385e-03f);
    return Math.max(-1f, Math.min(1f, x * p / q));
  }
}
