// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SincResamplingTest {
  /** Within half a phase, a tap changes by up to a thousandth. */
  @ParameterizedTest
  @CsvSource({
    "1000,1",
    "1000,1.25",
    "20000,0.8",
    "20000,1.3",
    "4097,0.9371",
    "7,0.5",
    "1,1.5",
    "1,3",
    "5000,2.9",
    "5000,0.0123"
  })
  void eachSampleIsTheWindowedSincNearItsPosition(int length, double speed) {
    float[] samples = noise(length);
    SincResampling resampling = SincResampling.of(speed);
    assertEquals(speed, resampling.speed(), 1e-3);
    float[] resampled = resampling.apply(samples);
    assertEquals((int) (length / resampling.speed() + 1e-9), resampled.length);
    for (int i = 0; i < resampled.length; i++) {
      double at = i * resampling.speed();
      double sum = 0;
      for (int k = (int) at - 3; k <= (int) at + 4; k++) {
        double x = Math.PI * (at - k);
        double window = Math.pow(Math.cos(x / 8.5), 2);
        double tap = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x * window;
        sum += k < 0 || k >= length ? 0 : tap * samples[k];
      }
      assertEquals(sum, resampled[i], 2e-3, "sample " + i);
    }
  }

  private static float[] noise(int length) {
    Random random = new Random(2);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = 2 * random.nextFloat() - 1;
    }
    return samples;
  }
}
