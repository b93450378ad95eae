// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticNoiseTest {
  private static final int RATE = 16_000;

  @Test
  void noisesHaveOneLevelAndDiffer() {
    List<short[]> noises = SyntheticNoise.of(RATE, 1);
    assertEquals(10, noises.size());
    for (short[] noise : noises) {
      assertEquals(10 * RATE, noise.length);
      double power = 0;
      for (short sample : noise) {
        power += (double) sample * sample / noise.length;
      }
      assertEquals(1500, Math.sqrt(power), 100); // a little less where knocks are clipped
      assertEquals(1, noises.stream().filter(other -> Arrays.equals(other, noise)).count());
    }
  }

  @Test
  void aSeedDeterminesThem() {
    List<short[]> one = SyntheticNoise.of(RATE, 1);
    List<short[]> again = SyntheticNoise.of(RATE, 1);
    List<short[]> other = SyntheticNoise.of(RATE, 2);
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i), again.get(i));
      assertFalse(Arrays.equals(one.get(i), other.get(i)));
    }
  }
}
