// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * Fourier transforms of several complex sequences at a time, one per lane, by Stockham's radix-4
 * algorithm. Immutable.
 */
final class ComplexTransform {
  private final int length; // a power of two
  private final float[][] turns; // [radix-4 passes][quarter * 6]

  ComplexTransform(int length) {
    this.length = length;
    turns = new float[Integer.numberOfTrailingZeros(length) / 2][];
    for (int pass = 0, n = length; pass < turns.length; pass++, n /= 4) {
      turns[pass] = new float[n / 4 * 6];
      for (int p = 0; p < n / 4; p++) {
        for (int k = 1; k <= 3; k++) {
          double angle = -2 * Math.PI * p * k / n;
          turns[pass][6 * p + 2 * k - 2] = (float) Math.cos(angle);
          turns[pass][6 * p + 2 * k - 1] = (float) Math.sin(angle);
        }
      }
    }
  }

  /** Complex values, and room for those after the next pass: all [points][lanes]. */
  static final class Values {
    float[] re;
    float[] im;
    private float[] nextRe;
    private float[] nextIm;

    Values(int size) {
      re = new float[size];
      im = new float[size];
      nextRe = new float[size];
      nextIm = new float[size];
    }

    private void advance() {
      float[] swap = re;
      re = nextRe;
      nextRe = swap;
      swap = im;
      im = nextIm;
      nextIm = swap;
    }

    /** Exchanges real and imaginary parts. */
    private void exchange() {
      float[] swap = re;
      re = im;
      im = swap;
    }
  }

  /**
   * Transforms values.
   *
   * @param x replaced by the result
   * @param lanes a multiple of {@link FilterLoops#unit}
   */
  void forward(FilterLoops loops, Values x, int lanes) {
    int n = length;
    for (float[] turn : turns) {
      loops.pass(x.re, x.im, x.nextRe, x.nextIm, n, length / n * lanes, turn);
      x.advance();
      n /= 4;
    }
    if (n == 2) {
      loops.lastPass(x.re, x.nextRe, length / 2 * lanes);
      loops.lastPass(x.im, x.nextIm, length / 2 * lanes);
      x.advance();
    }
  }

  /** Transforms values back; they become {@code length} times what they were. */
  void inverse(FilterLoops loops, Values x, int lanes) {
    x.exchange();
    forward(loops, x, lanes);
    x.exchange();
  }
}
