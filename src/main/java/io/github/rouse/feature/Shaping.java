// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/** Turns a frame's Fourier transform into features; may keep state from earlier frames. */
interface Shaping {
  /**
   * Computes the features of one frame.
   *
   * @param transform of the windowed frame, [fftLength]: real and imaginary parts interleaved; the
   *     last part, which does not fit, replaces the first imaginary one
   * @param frame [bins], output
   */
  void apply(double[] transform, float[] frame);

  /** Forgets earlier frames. */
  default void reset() {}

  /** Saves or restores what is kept of earlier frames. */
  default void state(Snapshot snapshot) {}

  static Shaping of(FeatureSpec spec) {
    Spectrum spectrum = spec.spectrum();
    if (spectrum instanceof Spectrum.PowerDensity d) {
      double[] factors = d.factors(spec.window());
      return (transform, frame) -> density(transform, factors, frame);
    }
    MelEnergies mel = new MelEnergies(spec);
    if (spectrum instanceof Spectrum.LogMel l) {
      return (transform, frame) -> mel.log(transform, l.floor(), frame);
    } else if (spectrum instanceof Spectrum.Pcen p) {
      return new Normalised(p, mel);
    } else if (spectrum instanceof Spectrum.OpenWakeWord) {
      return (transform, frame) -> mel.decibels(transform, frame);
    }
    Spectrum.Mfcc m = (Spectrum.Mfcc) spectrum;
    double[][] dct = m.transform();
    float[] logs = new float[m.mel().bands()];
    return (transform, frame) -> {
      mel.log(transform, m.floor(), logs);
      for (int c = 0; c < frame.length; c++) {
        double sum = 0;
        for (int b = 0; b < logs.length; b++) {
          sum += dct[c][b] * logs[b];
        }
        frame[c] = (float) sum;
      }
    };
  }

  private static void density(double[] transform, double[] factors, float[] frame) {
    int n = transform.length;
    frame[0] = (float) (transform[0] * transform[0] * factors[0]);
    for (int k = 1; k < (n + 1) / 2; k++) {
      double re = transform[2 * k];
      double im = transform[2 * k + 1 < n ? 2 * k + 1 : 1];
      frame[k] = (float) ((re * re + im * im) * factors[k]);
    }
    if (n % 2 == 0) {
      frame[n / 2] = (float) (transform[1] * transform[1] * factors[n / 2]);
    }
  }

  /**
   * Computes mel energies. Between two edges, one triangle rises while the previous one falls, so
   * each bin is read only once for both.
   */
  final class MelEnergies {
    private final int[] edges; // [bands + 2], first bin at or above each edge
    private final double[] rising; // [bins], weights in the rising triangle
    private final double[] falling; // [bins], weights in the falling triangle
    private final double[] energies; // [bands]

    MelEnergies(FeatureSpec spec) {
      Mel mel = spec.spectrum().mel();
      double binsPerHz = (double) spec.fftLength() / spec.sampleRate();
      int last = spec.fftLength() / 2; // weight zero, like the first
      edges =
          Arrays.stream(mel.edges())
              .mapToInt(hz -> (int) Math.min(last, Math.ceil(hz * binsPerHz)))
              .toArray();
      double[][] filters = mel.filters(spec.sampleRate(), spec.fftLength());
      rising = new double[filters[0].length];
      falling = new double[filters[0].length];
      energies = new double[filters.length];
      for (int b = 0; b < filters.length; b++) {
        System.arraycopy(filters[b], edges[b], rising, edges[b], edges[b + 1] - edges[b]);
        int peak = edges[b + 1];
        System.arraycopy(filters[b], peak, falling, peak, edges[b + 2] - peak);
      }
    }

    double[] of(double[] transform) {
      double left = 0; // rising half of the previous triangle
      for (int b = 0; b <= energies.length; b++) {
        double up = 0;
        double down = 0;
        int end = edges[b + 1];
        for (int k = edges[b]; k < end; k++) {
          double re = transform[2 * k];
          double im = transform[2 * k + 1];
          double power = re * re + im * im;
          up += rising[k] * power;
          down += falling[k] * power;
        }
        if (b > 0) {
          energies[b - 1] = left + down;
        }
        left = up;
      }
      return energies;
    }

    /** In decibels of int16 values. */
    void decibels(double[] transform, float[] decibels) {
      double[] e = of(transform);
      for (int b = 0; b < decibels.length; b++) {
        double energy = 32_768.0 * 32_768.0 * e[b];
        decibels[b] = (float) (10 * Math.log10(Math.max(Spectrum.OpenWakeWord.FLOOR, energy)));
      }
    }

    void log(double[] transform, double floor, float[] logs) {
      double[] e = of(transform);
      for (int b = 0; b < logs.length; b++) {
        logs[b] = (float) Math.log(floor + e[b]);
      }
    }
  }

  /** Computes PCEN; keeps the smoother's state. */
  final class Normalised implements Shaping {
    private final Spectrum.Pcen pcen;
    private final MelEnergies mel;
    private final double[] smooth; // M, [bands]
    private final double bias; // delta^r
    private long frames;

    Normalised(Spectrum.Pcen pcen, MelEnergies mel) {
      this.pcen = pcen;
      this.mel = mel;
      smooth = new double[pcen.mel().bands()];
      bias = Math.pow(pcen.delta(), pcen.r());
    }

    @Override
    public void apply(double[] transform, float[] frame) {
      double share = Math.max(pcen.s(), 1.0 / ++frames);
      double[] e = mel.of(transform);
      for (int b = 0; b < frame.length; b++) {
        smooth[b] += share * (e[b] - smooth[b]);
        double gained = e[b] * Math.pow(pcen.eps() + smooth[b], -pcen.alpha());
        frame[b] = (float) (Math.pow(gained + pcen.delta(), pcen.r()) - bias);
      }
    }

    @Override
    public void reset() {
      Arrays.fill(smooth, 0);
      frames = 0;
    }

    @Override
    public void state(Snapshot snapshot) {
      snapshot.values(smooth);
      frames = snapshot.number(frames);
    }
  }
}
