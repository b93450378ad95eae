// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The noise gate of a headset or of a call. */
public final class NoiseGate {
  private static final double CLOSES = 0.0125; // s, time constant
  private static final double OPENS = 0.0032; // s, time constant

  private final int sampleRate;

  public NoiseGate(int sampleRate) {
    this.sampleRate = sampleRate;
  }

  /** Simulates a noise gate: attenuates 10 ms cells far below the loudest. */
  public void apply(float[] samples, RandomGenerator random) {
    int cell = sampleRate / 100;
    double[] powers = new double[(samples.length + cell - 1) / cell];
    for (int c = 0; c < powers.length; c++) {
      powers[c] = Power.of(samples, c * cell, Math.min(samples.length, (c + 1) * cell));
    }
    double loudest = Arrays.stream(powers).max().orElse(0);
    double threshold = loudest * Math.pow(10, -2 - 2 * random.nextDouble());
    float closed = (float) Math.pow(10, -0.5 - 2.5 * random.nextDouble()); // -10 to -60 dB
    float fall = (float) Math.exp(-1 / (CLOSES * sampleRate));
    float rise = (float) Math.exp(1 / (OPENS * sampleRate));
    float gain = 1;
    for (int i = 0; i < samples.length; i++) {
      float wanted = powers[i / cell] < threshold ? closed : 1;
      gain = wanted < gain ? Math.max(wanted, gain * fall) : Math.min(wanted, gain * rise);
      samples[i] *= gain;
    }
  }
}
