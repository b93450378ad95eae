// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TransformCodecTest {
  private static final int RATE = 16_000;

  private static float[] noise() {
    SplittableRandom random = new SplittableRandom(1);
    float[] noise = new float[RATE];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (0.1 * random.nextGaussian());
    }
    return noise;
  }

  private static double power(float[] samples) {
    double sum = 0;
    for (float sample : samples) {
      sum += (double) sample * sample / samples.length;
    }
    return sum;
  }

  @Test
  void coarserStepsMakeMoreNoise() {
    double before = 100;
    for (double step : new double[] {0.1, 0.5, 1, 2}) {
      float[] coded = noise();
      TransformCodec.apply(coded, RATE, step, 60);
      float[] plain = noise();
      assertEquals(1, power(coded) / power(plain), 0.3, "power, step " + step);
      for (int i = 0; i < coded.length; i++) {
        coded[i] -= plain[i];
      }
      double ratio = 10 * Math.log10(power(plain) / power(coded));
      assertTrue(ratio > 2 && ratio < before - 3, "step " + step + ": " + ratio + " dB");
      before = ratio;
    }
  }

  @Test
  void bandsFarBelowTheLoudestAreLeftOut() {
    float[] samples = new float[RATE];
    for (int i = 0; i < RATE; i++) {
      double t = 2 * Math.PI * i / RATE;
      samples[i] = (float) (0.5 * Math.sin(500 * t) + 0.0005 * Math.sin(6000 * t)); // 60 dB
    }
    for (double range : new double[] {50, 80}) {
      float[] coded = samples.clone();
      TransformCodec.apply(coded, RATE, 0.1, range);
      double re = 0;
      double im = 0;
      for (int i = RATE / 4; i < RATE * 3 / 4; i++) {
        re += coded[i] * Math.cos(2 * Math.PI * 6000 * i / RATE) * 4 / RATE;
        im += coded[i] * Math.sin(2 * Math.PI * 6000 * i / RATE) * 4 / RATE;
      }
      assertEquals(range < 60 ? 0 : 0.0005, Math.hypot(re, im), 0.0001);
    }
  }

  @Test
  void silenceStaysSilence() {
    float[] silence = new float[1000];
    TransformCodec.apply(silence, RATE, 1, 60);
    assertArrayEquals(new float[1000], silence);
  }
}
