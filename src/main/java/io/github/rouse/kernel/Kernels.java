package io.github.rouse.kernel;

/**
 * Nonlinearities: a quotient of polynomials, odd over even, with the coefficients of Eigen's {@code
 * ptanh}.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // Eigen's constants as published
public final class Kernels {
  static final float TANH_FLAT = 9.5f; // from here on, the quotient rounds to 1

  // Of x's odd powers over x, highest first, and of its even powers.
  static final float P13 = -2.76076847742355e-16f;
  static final float P11 = 2.00018790482477e-13f;
  static final float P9 = -8.60467152213735e-11f;
  static final float P7 = 5.12229709037114e-08f;
  static final float P5 = 1.48572235717979e-05f;
  static final float P3 = 6.37261928875436e-04f;
  static final float P1 = 4.89352455891786e-03f;
  static final float Q6 = 1.19825839466702e-06f;
  static final float Q4 = 1.18534705686654e-04f;
  static final float Q2 = 2.26843463243900e-03f;
  static final float Q0 = 4.89352518554385e-03f;

  private Kernels() {}

  /**
   * Replaces each value by its logistic sigmoid, {@code 1/2 + tanh(x/2) / 2}; absolute error under
   * 2e-7.
   */
  public static void sigmoid(float[] v, int from, int to) {
    Product.TILE.sigmoid(v, from, to);
  }

  /** Replaces each value by its hyperbolic tangent; absolute error under 3e-7. NaN stays NaN. */
  public static void tanh(float[] v, int from, int to) {
    Product.TILE.tanh(v, from, to);
  }

  /**
   * One value at a time. C2 makes vector code of a loop of it, though half as fast as it could be.
   */
  static float tanh(float value) {
    float x = Math.max(-TANH_FLAT, Math.min(TANH_FLAT, value));
    float square = x * x;
    float p = Math.fma(square, P13, P11);
    p = Math.fma(square, p, P9);
    p = Math.fma(square, p, P7);
    p = Math.fma(square, p, P5);
    p = Math.fma(square, p, P3);
    p = Math.fma(square, p, P1);
    float q = Math.fma(square, Q6, Q4);
    q = Math.fma(square, q, Q2);
    q = Math.fma(square, q, Q0);
    return Math.max(-1f, Math.min(1f, x * p / q));
  }
}
