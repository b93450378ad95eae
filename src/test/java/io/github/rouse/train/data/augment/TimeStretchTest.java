// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeStretchTest {
  private static final int RATE = 16_000;

  private final TimeStretch stretch = new TimeStretch(RATE);

  /** Windows that do not continue each other would cancel out here and there, or add cycles. */
  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 1.3})
  void aToneKeepsItsLevelAndPitch(double tempo) {
    float[] tone = tone(3 * RATE);
    float[] out = stretch.apply(tone, steady(tone.length, tempo));
    assertEquals(tone.length / tempo, out.length, stretch.hop());
    int cell = RATE / 50;
    for (int at = cell; at + 3 * cell <= out.length; at += cell) {
      assertEquals(Power.of(tone, 0, tone.length), Power.of(out, at, at + cell), 0.03, at + "");
    }
    double seconds = (out.length - 3.0 * cell) / RATE;
    assertEquals(220, rises(out, cell, out.length - 2 * cell) / seconds, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 300, 700})
  void shortRecordingsAreTaken(int length) {
    float[] out = stretch.apply(tone(length), steady(length, 1.2));
    assertTrue(Power.of(out, 0, out.length) > 0);
  }

  private Rhythm.Warp steady(int length, double tempo) {
    int output = Math.max(1, (int) (length / tempo));
    double[] places = new double[output / stretch.hop() + 1];
    for (int i = 0; i < places.length; i++) {
      places[i] = i * stretch.hop() * tempo;
    }
    return new Rhythm.Warp(places, output);
  }

  private static float[] tone(int length) {
    float[] tone = new float[length];
    for (int i = 0; i < length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 220 * (i + 1) / RATE);
    }
    return tone;
  }

  private static int rises(float[] samples, int from, int to) {
    int rises = 0;
    for (int i = from + 1; i < to; i++) {
      rises += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
    }
    return rises;
  }
}
