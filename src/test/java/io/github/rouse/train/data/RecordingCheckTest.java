// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordingCheckTest {
  private static final int RATE = 16_000;

  @Test
  void aGoodRecordingIsTrimmedToItsWord() {
    RecordingCheck take = RecordingCheck.of(recording(1, 1.6, 0.1), RATE);
    assertNull(take.refusal());
    assertEquals(0.6 + 2 * 0.25, (double) take.samples().length / RATE, 0.05);
  }

  @Test
  void unusableRecordingsAreRejectedWithTheReason() {
    assertTrue(RecordingCheck.of(recording(1, 1, 0.1), RATE).refusal().contains("stands out"));
    assertTrue(RecordingCheck.of(new float[2 * RATE], RATE).refusal().contains("stands out"));
    assertTrue(RecordingCheck.of(recording(1, 1.6, 2), RATE).refusal().contains("clips"));
    assertTrue(RecordingCheck.of(recording(1, 1.08, 0.1), RATE).refusal().contains("short"));
    assertTrue(RecordingCheck.of(recording(0.05, 0.7, 0.1), RATE).refusal().contains("cut off"));
    assertTrue(RecordingCheck.of(recording(2, 2.5, 0.1), RATE).refusal().contains("cut off"));
  }

  private static float[] recording(double from, double to, double level) {
    Random random = new Random(1);
    float[] samples = new float[(int) (2.5 * RATE)];
    for (int i = 0; i < samples.length; i++) {
      double second = (double) i / RATE;
      double scale = second >= from && second < to ? level : 1e-4;
      samples[i] = (float) Math.max(-1, Math.min(1, scale * random.nextGaussian()));
    }
    return samples;
  }
}
