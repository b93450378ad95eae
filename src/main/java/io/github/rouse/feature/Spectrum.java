// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import java.util.Arrays;

/** The kind of features computed from each windowed frame. */
public sealed interface Spectrum {

  /** The mel filters; null for linear bins. */
  Mel mel();

  /** Values per frame for a Fourier transform of this length. */
  int bins(int fftLength);

  /**
   * One-sided power spectral density of <em>int16 sample values</em> under a symmetric Hann window
   * w: {@code P[k] = |FFT(x*w)[k]|^2 / (rateHz * sum(w^2))}, inner bins doubled, no logarithm.
   *
   * @param rateHz a constant of the definition, not the true rate; 8000 for the classic features
   */
  record PowerDensity(double rateHz) implements Spectrum {
    /** Checks the value. */
    public PowerDensity {
      check("rateHz", rateHz, rateHz > 0, "more than 0");
    }

    @Override
    public Mel mel() {
      return null;
    }

    @Override
    public int bins(int fftLength) {
      return fftLength / 2 + 1;
    }

    /** Factors from |FFT|^2 of samples in [-1, 1] to densities under this window, [bins]. */
    public double[] factors(double[] window) {
      double squares = Arrays.stream(window).map(w -> w * w).sum();
      // 32768 squared: densities are of int16 values, samples in [-1, 1].
      double scale = 32_768.0 * 32_768.0 / (rateHz * squares);
      int doubled = (window.length - 1) / 2; // the last bin with a mirror image
      double[] factors = new double[bins(window.length)];
      for (int k = 0; k < factors.length; k++) {
        factors[k] = scale * (k >= 1 && k <= doubled ? 2 : 1);
      }
      return factors;
    }
  }

  /**
   * {@code ln(floor + E)}, where E are the mel energies of samples in [-1, 1] under a periodic Hann
   * window.
   */
  record LogMel(Mel mel, double floor) implements Spectrum {
    /** Checks the values. */
    public LogMel {
      check("mel", mel, mel != null, "mel bands");
      check("floor", floor, floor > 0, "more than 0");
    }

    @Override
    public int bins(int fftLength) {
      return mel.bands();
    }
  }

  /**
   * Per-channel energy normalisation (Wang et al. 2017) of the mel energies E of samples in [-1, 1]
   * under a periodic Hann window: {@code M[t] = (1 - s) M[t-1] + s E[t]} and {@code PCEN = (E /
   * (eps + M)^alpha + delta)^r - delta^r}. M starts as the running mean of the frames so far, until
   * 1/t falls below s, so that the first frame does not set the level of the room.
   *
   * @param mel the filters
   * @param s the smoother's share of the new frame
   * @param alpha strength of the gain control, 0 to 1
   * @param delta bias before the root
   * @param r the root's exponent
   * @param eps keeps silence finite
   */
  record Pcen(Mel mel, double s, double alpha, double delta, double r, double eps)
      implements Spectrum {
    /** Checks the values. */
    public Pcen {
      check("mel", mel, mel != null, "mel bands");
      check("s", s, s > 0 && s <= 1, "more than 0, at most 1");
      check("alpha", alpha, alpha >= 0 && alpha <= 1, "0 to 1");
      check("delta", delta, delta >= 0, "0 or more");
      check("r", r, r > 0 && r <= 1, "more than 0, at most 1");
      check("eps", eps, eps > 0, "more than 0");
    }

    @Override
    public int bins(int fftLength) {
      return mel.bands();
    }
  }

  /**
   * Mel-frequency cepstral coefficients: the first coefficients of the orthonormal DCT-II of the
   * {@link LogMel} energies.
   */
  record Mfcc(Mel mel, double floor, int coefficients) implements Spectrum {
    /** Checks the values. */
    public Mfcc {
      check("mel", mel, mel != null, "mel bands");
      check("floor", floor, floor > 0, "more than 0");
      boolean fit = coefficients >= 1 && coefficients <= mel.bands();
      check("coefficients", coefficients, fit, "1 to " + mel.bands());
    }

    @Override
    public int bins(int fftLength) {
      return coefficients;
    }

    /** Rows of the orthonormal DCT-II, [coefficients][bands]. */
    public double[][] transform() {
      int bands = mel.bands();
      double[][] rows = new double[coefficients][bands];
      for (int c = 0; c < coefficients; c++) {
        double norm = Math.sqrt((c == 0 ? 1.0 : 2.0) / bands);
        for (int b = 0; b < bands; b++) {
          rows[c][b] = norm * Math.cos(Math.PI * c * (b + 0.5) / bands);
        }
      }
      return rows;
    }
  }

  /**
   * The features of openWakeWord: mel energies in decibels of <em>int16 sample values</em>, under a
   * periodic Hann window of 400 samples in the middle of the frame, as {@code dB / 10 + 2}. Values
   * are raised to at least 80 dB below the loudest band of their group of frames. The first group
   * has {@link #FIRST} frames, all others {@link #GROUP}: those that openWakeWord computes in one
   * call, for 80 ms.
   */
  record OpenWakeWord() implements Spectrum {
    static final int FIRST = 5;
    static final int GROUP = 8;
    static final int WINDOW = 400;
    static final float FLOOR = 1e-10f; // of energies
    static final double RANGE = 80; // dB
    private static final Mel MEL = new Mel(MelScale.SLANEY, 32, 60, 3800);

    @Override
    public Mel mel() {
      return MEL;
    }

    @Override
    public int bins(int fftLength) {
      return MEL.bands();
    }
  }

  private static void check(String name, Object value, boolean holds, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + ", expected " + range);
    }
  }
}
