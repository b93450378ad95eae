// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

/** The two mel scales in use. */
public enum MelScale {
  /** HTK Book 5.4: mel = 2595 log10(1 + f / 700); triangles of height 1. */
  HTK {
    @Override
    double mel(double hertz) {
      return 2595 * Math.log10(1 + hertz / 700);
    }

    @Override
    double hertz(double mel) {
      return 700 * (Math.pow(10, mel / 2595) - 1);
    }
  },
  /**
   * Slaney's Auditory Toolbox, librosa's default: linear to 1 kHz, logarithmic above; triangles of
   * equal area.
   */
  SLANEY {
    private static final double LINEAR_HZ = 200.0 / 3; // Hz per mel below 1 kHz
    private static final double BREAK_HZ = 1000;
    private static final double LOG_STEP = Math.log(6.4) / 27; // per mel above

    @Override
    double mel(double hertz) {
      return hertz < BREAK_HZ
          ? hertz / LINEAR_HZ
          : BREAK_HZ / LINEAR_HZ + Math.log(hertz / BREAK_HZ) / LOG_STEP;
    }

    @Override
    double hertz(double mel) {
      double breakMel = BREAK_HZ / LINEAR_HZ;
      return mel < breakMel ? mel * LINEAR_HZ : BREAK_HZ * Math.exp((mel - breakMel) * LOG_STEP);
    }
  };

  abstract double mel(double hertz);

  abstract double hertz(double mel);
}
