// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

/** The two codecs of ITU-T G.711: 8 bits on a logarithmic scale, in their continuous form. */
enum Companding {
  /** Zero is a level: what is quiet enough becomes digital silence. */
  MU_LAW {
    @Override
    double coded(double size) {
      double code = Math.log1p(MU * size) / Math.log1p(MU);
      return Math.expm1(Math.round(code * 127) / 127.0 * Math.log1p(MU)) / MU;
    }
  },
  /** Zero lies between two levels: silence becomes hiss of one step. */
  A_LAW {
    @Override
    double coded(double size) {
      double whole = 1 + Math.log(A);
      double code = size < 1 / A ? A * size / whole : (1 + Math.log(A * size)) / whole;
      double level = (Math.min(127, Math.floor(code * 128)) + 0.5) / 128;
      return level * whole < 1 ? level * whole / A : Math.exp(level * whole - 1) / A;
    }
  };

  private static final double MU = 255;
  private static final double A = 87.6;

  /** Codes and decodes the size of a sample, 0 to 1. */
  abstract double coded(double size);

  /** Codes and decodes samples; louder ones than 1 are clipped. */
  void apply(float[] samples) {
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) Math.copySign(coded(Math.min(1, Math.abs(samples[i]))), samples[i]);
    }
  }
}
