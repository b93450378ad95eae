package io.github.rouse.feature;

import java.util.Arrays;

/** From the power spectrum of a frame to its features; may remember earlier frames. */
interface Shaping {
  /**
   * Shapes one frame.
   *
   * @param power |FFT|^2, [fftLength / 2 + 1]
   * @param frame [bins], written
   */
  void apply(double[] power, float[] frame);

  /** Forgets earlier frames. */
  default void reset() {}

  static Shaping of(FeatureSpec spec) {
    Spectrum spectrum = spec.spectrum();
    if (spectrum instanceof Spectrum.PowerDensity d) {
      double[] factors = d.factors(spec.window());
      return (power, frame) -> {
        for (int k = 0; k < frame.length; k++) {
          frame[k] = (float) (power[k] * factors[k]);
        }
      };
    }
    MelEnergies mel = new MelEnergies(spec);
    if (spectrum instanceof Spectrum.LogMel l) {
      return (power, frame) -> mel.log(power, l.floor(), frame);
    } else if (spectrum instanceof Spectrum.Pcen p) {
      return new Normalised(p, mel);
    }
    Spectrum.Mfcc m = (Spectrum.Mfcc) spectrum;
    double[][] dct = m.transform();
    float[] logs = new float[m.mel().bands()];
    return (power, frame) -> {
      mel.log(power, m.floor(), logs);
      for (int c = 0; c < frame.length; c++) {
        double sum = 0;
        for (int b = 0; b < logs.length; b++) {
          sum += dct[c][b] * logs[b];
        }
        frame[c] = (float) sum;
      }
    };
  }

  /** The mel energies of a power spectrum: filters, stored without their zeros. */
  final class MelEnergies {
    private final int[] first; // [bands], first bin with weight
    private final double[][] weights; // [bands][bins with weight]
    private final double[] energies; // [bands]

    MelEnergies(FeatureSpec spec) {
      double[][] filters = spec.spectrum().mel().filters(spec.sampleRate(), spec.fftLength());
      first = new int[filters.length];
      weights = new double[filters.length][];
      energies = new double[filters.length];
      for (int b = 0; b < filters.length; b++) {
        int from = 0;
        int to = filters[b].length;
        while (from < to && filters[b][from] == 0) {
          from++;
        }
        while (to > from && filters[b][to - 1] == 0) {
          to--;
        }
        first[b] = from;
        weights[b] = Arrays.copyOfRange(filters[b], from, to);
      }
    }

    double[] of(double[] power) {
      for (int b = 0; b < energies.length; b++) {
        double sum = 0;
        for (int i = 0; i < weights[b].length; i++) {
          sum += weights[b][i] * power[first[b] + i];
        }
        energies[b] = sum;
      }
      return energies;
    }

    void log(double[] power, double floor, float[] logs) {
      double[] e = of(power);
      for (int b = 0; b < logs.length; b++) {
        logs[b] = (float) Math.log(floor + e[b]);
      }
    }
  }

  /** PCEN and its smoother. */
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
    public void apply(double[] power, float[] frame) {
      double share = Math.max(pcen.s(), 1.0 / ++frames);
      double[] e = mel.of(power);
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
  }
}
