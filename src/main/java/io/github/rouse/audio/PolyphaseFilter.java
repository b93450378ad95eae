// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The low-pass filter between two rates: a sinc under a Kaiser window, tabulated once per ratio and
 * shared by all streams. Immutable.
 *
 * <p>Outputs come in blocks: the inputs of a block times a panel of taps, a matrix product like a
 * network's. Blocks whose first output has the same phase share a panel, and several of them are
 * computed at a time. Where that takes too many panels, they are tabulated at evenly spaced phases
 * and interpolated by a parabola.
 */
final class PolyphaseFilter {
  private static final double ATTENUATION = 106; // dB: 100, and a margin for interpolation
  private static final double BETA = 0.1102 * (ATTENUATION - 8.7); // Kaiser (1974)

  // Ends of the pass band, relative to the lower Nyquist frequency, at which the stop band begins.
  private static final double PASS = 0.9;
  private static final double INTERPOLATED_PASS = 0.8; // three products per block pay for it

  private static final int TERMS = 30; // of the window's series; the rest is below 1e-16 of it
  private static final double[] INVERSE_SQUARES =
      IntStream.rangeClosed(0, TERMS).mapToDouble(k -> 1.0 / ((double) k * k)).toArray();

  private static final int MIN_OUTPUTS = 32; // per block
  private static final int MAX_OUTPUTS = 64;
  private static final int MAX_PANELS = 16; // beyond, panels are interpolated
  private static final int KNOTS = 87; // per sample of the lower rate: errors below -110 dB
  private static final int MAX_CACHED = 16; // up to 3 MB each, but for rates far apart
  private static final Map<Long, PolyphaseFilter> CACHED = new ConcurrentHashMap<>(); // by ratio

  final int up; // outputs for down inputs, in lowest terms
  final int down;
  final int outputs; // per block
  final int period; // blocks until a phase returns, if panels are exact
  final int lead; // inputs of a block before its time
  final int depth; // inputs of a block, a multiple of 4
  private final double scale; // samples of the lower rate per input
  private final double pass; // end of the pass band, relative as above
  private final double half; // of the window's length, samples of the lower rate
  private final int grain; // exact panels are this many phases apart
  private final int knots; // interpolated panels per input; 0 for exact ones
  final Weights[] panels; // [phases], of [depth][outputs]

  private PolyphaseFilter(int up, int down) {
    this.up = up;
    this.down = down;
    scale = Math.min(1, (double) up / down);
    outputs = outputs(up, Kernels.columns());
    grain = gcd(up, outputs);
    period = up / grain;
    boolean exact = isExact(up, outputs);
    pass = exact ? PASS : INTERPOLATED_PASS;
    half = (ATTENUATION - 7.95) / (2.285 * Math.PI * (1 - pass)) / 2; // Kaiser (1974)
    lead = (int) Math.ceil(half / scale);
    int span = (int) ((long) (outputs - 1) * down / up) + 1; // inputs from first to last output
    depth = (2 * lead + span + 1 + 3) / 4 * 4;
    knots = exact ? 0 : (int) Math.ceil(KNOTS * scale);
    panels = new Weights[exact ? period : knots + 3];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = Kernels.weights(panel(exact ? (double) p * grain / up : (p - 1.0) / knots));
    }
  }

  /**
   * Returns the filter for two rates, from the cache if it is there.
   *
   * @param fromRate of the input, Hz
   * @param toRate of the output, Hz
   */
  static PolyphaseFilter of(int fromRate, int toRate) {
    int divisor = gcd(fromRate, toRate);
    int up = toRate / divisor;
    int down = fromRate / divisor;
    long ratio = (long) up << Integer.SIZE | down;
    if (CACHED.size() >= MAX_CACHED && !CACHED.containsKey(ratio)) { // clients choose the rates
      CACHED.clear();
    }
    return CACHED.computeIfAbsent(ratio, absent -> new PolyphaseFilter(up, down));
  }

  /**
   * The length of a block: the shortest whose panels are exact, of at least {@code columns}; else
   * the longest; else {@code columns}. Longer blocks have more zero taps, but plain Java needs long
   * loops.
   *
   * @param columns of the kernel
   */
  static int outputs(int up, int columns) {
    int usual = Math.max(MIN_OUTPUTS, Math.min(MAX_OUTPUTS, columns));
    for (int outputs = usual; outputs <= MAX_OUTPUTS; outputs++) {
      if (isExact(up, outputs)) {
        return outputs;
      }
    }
    for (int outputs = usual; outputs >= MIN_OUTPUTS; outputs--) {
      if (isExact(up, outputs)) {
        return outputs;
      }
    }
    return usual;
  }

  /** Whether each phase has a panel of its own. */
  static boolean isExact(int up, int outputs) {
    return up / gcd(up, outputs) <= MAX_PANELS;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The taps of a block whose first output is {@code offset} inputs after input {@link #lead}. */
  private float[][] panel(double offset) {
    float[][] panel = new float[depth][outputs];
    double[] taps = new double[depth];
    for (int o = 0; o < outputs; o++) {
      double at = lead + offset + (double) o * down / up; // inputs
      double sum = 0;
      for (int i = 0; i < depth; i++) {
        taps[i] = response((i - at) * scale);
        sum += taps[i];
      }
      for (int i = 0; i < depth; i++) { // each output passes direct current unchanged
        panel[i][o] = (float) (taps[i] / sum);
      }
    }
    return panel;
  }

  /** The impulse response, not normalised, at a time in samples of the lower rate. */
  private double response(double time) {
    double place = time / half;
    if (Math.abs(place) >= 1) {
      return 0;
    }
    double angle = Math.PI * (1 + pass) / 2 * time;
    double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle; // the same on every Java
    return sinc * bessel(BETA * BETA / 4 * (1 - place * place));
  }

  /** The modified Bessel function of the first kind and order 0, of {@code 2 * sqrt(x)}. */
  private static double bessel(double x) {
    double sum = 0;
    for (int k = TERMS; k > 0; k--) { // x^k / k!^2, by Horner's scheme
      sum = (sum + 1) * x * INVERSE_SQUARES[k];
    }
    return sum + 1;
  }

  /** Whether a block needs three products; such blocks are computed one by one. */
  boolean interpolates() {
    return knots > 0;
  }

  /**
   * Computes blocks of the same phase.
   *
   * @param inputs of each block, [count][depth]
   * @param phase the first output of each is at {@code phase / up} inputs after input {@link #lead}
   * @param sums output, [count][outputs]; for an interpolated block [3][outputs], the first row of
   *     which is the output
   * @param count of blocks; 1 if {@link #interpolates}
   */
  void apply(float[][] inputs, int phase, float[][] sums, int count) {
    for (float[] row : sums) {
      Arrays.fill(row, 0);
    }
    if (!interpolates()) {
      panels[phase / grain].addProduct(inputs, sums, count);
      return;
    }
    double place = (double) phase / up * knots;
    int nearest = (int) (place + 0.5);
    for (int i = 0; i < 3; i++) {
      panels[nearest + i].addProduct(inputs, sums, 1);
      float[] done = sums[0];
      sums[0] = sums[1];
      sums[1] = sums[2];
      sums[2] = done; // after three turns, the first row is first again
    }
    interpolate((float) (place - nearest), sums[0], sums[1], sums[2]);
  }

  /** Lagrange's parabola through x, y and z at -1, 0 and 1, evaluated at {@code u}, into x. */
  private static void interpolate(float u, float[] x, float[] y, float[] z) {
    float a = 0.5f * u * (u - 1);
    float b = (1 - u) * (1 + u);
    float c = 0.5f * u * (u + 1);
    for (int o = 0; o < x.length; o++) {
      x[o] = Math.fma(c, z[o], Math.fma(b, y[o], a * x[o]));
    }
  }
}
