// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.Sounds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChimeTest {
  @ParameterizedTest
  @ValueSource(ints = {8000, 16000, 44100, 48000})
  void theChimeHasTwoNotesAndEndsInSilence(int rate) {
    float[] chime = Chime.samples(rate);
    assertEquals(0.45, chime.length / (double) rate, 0.001);
    assertEquals(0, chime[0], 1e-6);
    assertEquals(0, chime[chime.length - 1], 1e-6);
    for (float sample : chime) {
      assertTrue(Math.abs(sample) <= 0.5, "sample=" + sample);
    }
    int second = (int) (0.115 * rate);
    double before = Sounds.amplitude(chime, 0, second, 880, rate);
    double after = Sounds.amplitude(chime, second, 3 * second, 880, rate);
    assertTrue(after > 10 * before, "before=" + before + ", after=" + after);
    assertTrue(Sounds.amplitude(chime, 0, second, 659.26, rate) > 0.05);
  }
}
