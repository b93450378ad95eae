// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.kernel.FilterBank;

/** Computes {@link Spectrum.LogMel}, {@link Spectrum.Mfcc} and openWakeWord's decibels. */
final class LogAnalysis implements FrameAnalysis {
  private static final float DECIBELS = (float) (10 / Math.log(10)); // of a natural logarithm

  private final MelEnergies mel;
  private final Spectrum spectrum;
  private final double[][] cosines; // [coefficients][bands], or null

  LogAnalysis(FeatureSpec spec) {
    mel = new MelEnergies(spec);
    spectrum = spec.spectrum();
    cosines = spectrum instanceof Spectrum.Mfcc mfcc ? mfcc.transform() : null;
  }

  @Override
  public int most() {
    return FilterBank.MOST;
  }

  @Override
  public void apply(float[] samples, int count, float[][] frames) {
    int lanes = mel.compute(samples, count);
    int used = mel.bands * lanes;
    if (spectrum instanceof Spectrum.Mfcc mfcc) {
      log(mel.values, used, (float) mfcc.floor());
      transform(lanes, count, frames);
    } else if (spectrum instanceof Spectrum.LogMel logMel) {
      log(mel.values, used, (float) logMel.floor());
      mel.deliver(lanes, count, frames);
    } else {
      decibels(mel.values, used);
      mel.deliver(lanes, count, frames);
    }
  }

  private void log(float[] values, int count, float floor) {
    for (int i = 0; i < count; i++) {
      values[i] += floor;
    }
    mel.bank.log(values, count);
  }

  /** Decibels of int16 values. */
  private void decibels(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(Spectrum.OpenWakeWord.FLOOR, 32_768f * 32_768f * values[i]);
    }
    mel.bank.log(values, count);
    for (int i = 0; i < count; i++) {
      values[i] *= DECIBELS;
    }
  }

  /** The cosine transform of each frame's logarithms. */
  private void transform(int lanes, int count, float[][] frames) {
    for (int lane = 0; lane < count; lane++) {
      for (int c = 0; c < cosines.length; c++) {
        double sum = 0;
        for (int b = 0; b < cosines[c].length; b++) {
          sum += cosines[c][b] * mel.values[b * lanes + lane];
        }
        frames[lane][c] = (float) sum;
      }
    }
  }
}
