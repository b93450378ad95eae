// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * The loops of {@link FilterBank}, {@link FrameTransform} and {@link Convolver}, over arrays
 * [...][lanes]. The scalar version is the reference; the vector version computes the same bits.
 * Stateless.
 */
@SuppressWarnings({"FloatingPointLiteralPrecision", "MutablePublicArray"}) // published constants
public interface FilterLoops {
  // Logarithm and exponential by the polynomials of Cephes (S. Moshier, logf and expf), highest
  // power first.
  /** {@code (log(1 + x) - x + x^2/2) / x^3}. */
  float[] LOG = {
    7.0376836292E-2f,
    -1.1514610310E-1f,
    1.1676998740E-1f,
    -1.2420140846E-1f,
    1.4249322787E-1f,
    -1.6668057665E-1f,
    2.0000714765E-1f,
    -2.4999993993E-1f,
    3.3333331174E-1f
  };

  /** {@code (exp(x) - 1 - x) / x^2}. */
  float[] EXP = {
    1.9875691500E-4f,
    1.3981999507E-3f,
    8.3334519073E-3f,
    4.1665795894E-2f,
    1.6666665459E-1f,
    5.0000001201E-1f
  };

  /** Multiples of it, up to 128, are exact. */
  float LN_2_HIGH = 0.693359375f;

  /** The rest of the logarithm of 2. */
  float LN_2_LOW = -2.12194440e-4f;

  /** One over the logarithm of 2. */
  float INVERSE_LN_2 = 1.44269504088896341f;

  /** Bits of the square root of a half. */
  int ROOT_HALF = 0x3f3504f3;

  /** Bits of a float below its exponent. */
  int MANTISSA = 23;

  /** Adding 1.5 * 2^23 rounds to an integer. */
  float ROUNDER = 12_582_912;

  /** The sum's bits less these are the integer. */
  int ROUNDER_BITS = 0x4b400000;

  /** Meaningless values that {@link #correlate} may read and write beyond the last place. */
  int SPARE = 96;

  /** The number of lanes is a multiple of this. */
  int unit();

  /**
   * One radix-4 pass: {@code y[4p+k] = turn^k * sum over j of (-i)^(jk) x[p + j*n/4]}, where each
   * element is a run of values.
   *
   * @param xr real parts of the input, [n][run]
   * @param xi imaginary parts of the input, [n][run]
   * @param yr real parts of the output, [n][run]
   * @param yi imaginary parts of the output, [n][run]
   * @param n length of the transforms that remain
   * @param run values per element, a multiple of {@link #unit}
   * @param turns cosine and sine for k = 1, 2, 3, [n / 4][3][2]
   */
  void pass(float[] xr, float[] xi, float[] yr, float[] yi, int n, int run, float[] turns);

  /**
   * The radix-2 pass that ends a transform of an odd power of two: sums of the two halves, then
   * differences.
   *
   * @param x real or imaginary parts of the input, [2][half]
   * @param y of the output, likewise
   * @param half a multiple of {@link #unit}
   */
  void lastPass(float[] x, float[] y, int half);

  /**
   * Powers of the real transform from the complex one.
   *
   * @param re real parts of the complex transform, halved, [half][lanes]
   * @param im imaginary parts, likewise
   * @param parts cosine and sine of {@code -pi k / half}, [half / 2 + 1][2]
   * @param power output, [half + 1][lanes]
   */
  void powers(float[] re, float[] im, float[] parts, int half, int lanes, float[] power);

  /**
   * Powers of pairs of real sequences: a transform's input has one as its real part, the other as
   * its imaginary part.
   *
   * @param re real parts of the transform, halved, [length][lanes]
   * @param im imaginary parts, likewise
   * @param power output, [2][length / 2 + 1][lanes]
   */
  void powersOfPairs(float[] re, float[] im, int length, int lanes, float[] power);

  /**
   * Means over neighbouring bins; beyond the ends, there are zeros.
   *
   * @param from [bins][lanes], from {@code at}
   * @param to output, likewise; another array
   * @param halfWidth neighbours on either side
   * @param floor added to each mean
   */
  void smooth(float[] from, float[] to, int at, int bins, int lanes, int halfWidth, float floor);

  /**
   * Gains of amplitude from envelopes of power to stretched ones, {@code sqrt(envelope[k / factor]
   * / envelope[k])}, interpolated linearly. Beyond the last bin, the stretched envelope continues
   * at its height.
   *
   * @param envelope [bins][lanes], from {@code at}
   * @param factor of the stretch
   * @param largest gain
   * @param gains output, as the envelope
   */
  void stretchGains(
      float[] envelope, int at, int bins, int lanes, double factor, float largest, float[] gains);

  /**
   * Multiplies the spectra of pairs of real sequences by real gains.
   *
   * @param re real parts of the transform, halved, [length][lanes]; replaced by the product, which
   *     is not halved
   * @param im imaginary parts, likewise
   * @param gains [2][length / 2 + 1][lanes]
   */
  void scalePairs(float[] re, float[] im, int length, int lanes, float[] gains);

  /**
   * Convolves spectra of blocks with those of a response's parts: {@code out[k][b] = sum over p of
   * part[k][p] * x[k][parts - 1 + b - p]}.
   *
   * @param xr real parts of the blocks, [length][parts - 1 + blocks]
   * @param xi imaginary parts, likewise
   * @param partR real parts of the response's parts, [length][parts]
   * @param partI imaginary parts, likewise
   * @param blocks a multiple of {@link #unit}
   * @param outR real parts of the output, [length][blocks]
   * @param outI imaginary parts, likewise
   */
  void convolve(
      float[] xr,
      float[] xi,
      float[] partR,
      float[] partI,
      int parts,
      int length,
      int blocks,
      float[] outR,
      float[] outI);

  /**
   * Sums the powers under the triangles.
   *
   * @param power [length / 2 + 1][lanes]
   * @param energies output, [bands][lanes]
   */
  void filter(float[] power, TriangularFilters filters, int lanes, float[] energies);

  /**
   * Correlates: {@code sums[p] = sum over i of a[i] * x[p + i]}, i ascending.
   *
   * @param a [terms]
   * @param x [places + terms + {@link #SPARE}]
   * @param sums output, [places + {@link #SPARE}]
   */
  void correlate(float[] a, int terms, float[] x, int places, float[] sums);

  /**
   * Filters as {@link BandedFilter#apply} does; each output adds its terms in ascending order.
   *
   * @param first input of each output
   * @param taps of each output, [outputs][taps]
   * @param panel the taps in place, [inputs][outputs]
   */
  void filterBands(
      int[] first,
      float[][] taps,
      float[] panel,
      float[] x,
      int from,
      int apart,
      float[] y,
      int to,
      int outApart);

  /**
   * Replaces each value by its natural logarithm; error under 2e-7, relative beyond 1 and absolute
   * below.
   *
   * @param values normal and positive
   * @param count of values, a multiple of {@link #unit}
   */
  void log(float[] values, int count);

  /**
   * Replaces each value by its exponential; relative error under 2e-7.
   *
   * @param values such that the exponential is normal
   * @param count of values, a multiple of {@link #unit}
   */
  void exp(float[] values, int count);
}
