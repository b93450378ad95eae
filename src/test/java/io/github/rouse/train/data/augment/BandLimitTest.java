// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.recipe.Recipe;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandLimitTest {
  private static final int RATE = 44_100;

  private static Recipe.Augmentation plan(double bandLimit, double digitalSilence) {
    return Unvaried.with(new Recipe.Augmentation.Capture(0, bandLimit, digitalSilence));
  }

  private static float[] tone(double hertz, int rate) {
    float[] samples = new float[rate];
    for (int i = 0; i < rate; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return samples;
  }

  private static double change(float[] after, float[] before) {
    int from = before.length / 4;
    int to = before.length * 3 / 4;
    return 10 * Math.log10(Power.of(after, from, to) / Power.of(before, from, to) + 1e-20);
  }

  @ParameterizedTest
  @CsvSource({"16000, 4000", "16000, 3000", "44100, 8000", "16000, 7800"})
  void nothingIsLeftAboveTheEdgeAndNothingLostBelow(int rate, double edge) {
    BandLimit band = new BandLimit(plan(1, 0), rate);
    for (double hertz : new double[] {200, 0.97 * edge, 1.001 * edge, edge + 100}) {
      float[] before = tone(hertz, rate);
      float[] after = before.clone();
      band.limit(after, edge, 0.02 * edge);
      double change = change(after, before);
      assertTrue(hertz < edge ? Math.abs(change) < 0.1 : change < -80, hertz + " Hz: " + change);
      for (int i = rate / 4; hertz < edge && i < rate * 3 / 4; i++) {
        assertEquals(before[i], after[i], 0.01, "no delay");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noCodecPutsAnythingAboveTheHighestEdge(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] noise = new float[RATE];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (0.1 * random.nextGaussian());
    }
    float[] after = noise.clone();
    new BandLimit(plan(1, 0), RATE).apply(after, random);
    assertTrue(Power.of(after, 0, RATE) > 0.01 * Power.of(noise, 0, RATE), "the rest is kept");
    double all = Power.of(after, 0, RATE);
    for (double q : new double[] {0.51, 0.6, 0.9, 2.56, 0.51, 0.6, 0.9, 2.56}) { // 96 dB per octave
      Biquad.apply(after, RATE, 16_000, q, true);
    }
    double above = 10 * Math.log10(Power.of(after, RATE / 4, RATE * 3 / 4) / all);
    assertTrue(above < -70, "above 8 kHz: " + above + " dB");
  }

  @Test
  void clipsWithoutABandLimitKeepTheirBits() {
    float[] tone = tone(6000, RATE);
    float[] after = tone.clone();
    SplittableRandom random = new SplittableRandom(1);
    new BandLimit(plan(0, 0), RATE).apply(after, random);
    assertTrue(java.util.Arrays.equals(tone, after));
    assertEquals(new SplittableRandom(1).nextLong(), random.nextLong(), "nothing drawn");
  }

  @Test
  void digitalSilenceHasNoNoise() {
    float[] silence = new float[1000];
    new Level(plan(0, 1)).apply(silence, new SplittableRandom(1));
    assertEquals(0, Power.of(silence, 0, silence.length));
    new Level(plan(0, 0)).apply(silence, new SplittableRandom(1));
    assertTrue(Power.of(silence, 0, silence.length) > 1e-9);
  }

  @ParameterizedTest
  @EnumSource(Companding.class)
  void compandingHasTheNoiseOfEightBits(Companding law) {
    for (double gain : new double[] {1, 0.1, 0.02}) { // about the same at all levels
      float[] before = tone(997, 16_000);
      for (int i = 0; i < before.length; i++) {
        before[i] *= (float) gain;
      }
      float[] noise = before.clone();
      law.apply(noise);
      for (int i = 0; i < noise.length; i++) {
        noise[i] -= before[i];
      }
      double ratio = -change(noise, before);
      assertTrue(ratio > 33 && ratio < 42, law + " at " + gain + ": " + ratio + " dB");
    }
    float[] silence = new float[1];
    law.apply(silence);
    assertFalse(law == Companding.MU_LAW ? silence[0] != 0 : silence[0] == 0);
  }
}
