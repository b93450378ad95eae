// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FeatureSpecTest {
  @Test
  void classicGivesTheDefinedFrames() {
    assertEquals(5511, FeatureSpec.CLASSIC.frames(441_000));
    assertEquals(101, FeatureSpec.CLASSIC.bins());
    assertEquals(0, FeatureSpec.CLASSIC.frames(199));
    assertEquals(1, FeatureSpec.CLASSIC.frames(200));
  }

  @Test
  void melFramesUseTheNextPowerOfTwo() {
    assertEquals(512, FeatureSpec.PCEN.fftLength());
    assertEquals(512, new FeatureSpec(16_000, 512, 160, FeatureSpec.PCEN.spectrum()).fftLength());
    assertEquals(1024, new FeatureSpec(16_000, 513, 160, FeatureSpec.PCEN.spectrum()).fftLength());
  }

  @Test
  void aWrongValueIsNamed() {
    assertTrue(problem(0, 400, 160).contains("sampleRate=0"));
    assertTrue(problem(16_000, 1, 1).contains("frameLength=1"));
    assertTrue(problem(16_000, 400, 401).contains("hop=401"));
    assertTrue(problem(8000, 200, 80).contains("highHz=7600"));
  }

  private static String problem(int rate, int length, int hop) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new FeatureSpec(rate, length, hop, FeatureSpec.PCEN.spectrum()))
        .getMessage();
  }

  @Test
  void melScalesMatchTheirPublishedPoints() {
    assertEquals(1000, MelScale.HTK.mel(1000), 0.1); // 1000 mel is 1000 Hz by construction
    assertEquals(15, MelScale.SLANEY.mel(1000), 1e-9); // 3 mels per 200 Hz below
    assertEquals(42, MelScale.SLANEY.mel(6400), 1e-9); // 27 steps of ln 6.4 / 27 above
    for (MelScale scale : MelScale.values()) {
      for (double hertz : new double[] {0, 60, 999, 1001, 7600}) {
        assertEquals(hertz, scale.hertz(scale.mel(hertz)), 1e-6);
      }
    }
  }

  @Test
  void slaneyTrianglesHaveEqualArea() {
    double[][] filters = Mel.of(MelScale.SLANEY, 40).filters(16_000, 4096);
    for (double[] filter : filters) {
      double area = 0;
      for (double height : filter) {
        area += height * 16_000 / 4096;
      }
      assertEquals(1, area, 0.02);
    }
  }
}
