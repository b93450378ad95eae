// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeStretchTest {
  /** Windows that do not continue each other would cancel out here and there, or add cycles. */
  @ParameterizedTest
  @CsvSource({"16000,0.7", "16000,1", "16000,1.3", "22050,0.8", "44100,1.2"})
  void aToneKeepsItsLevelAndPitch(int rate, double tempo) {
    TimeStretch stretch = new TimeStretch(rate);
    float[] tone = tone(3 * rate, rate);
    float[] out = stretch.apply(tone, steady(tone.length, stretch.hop(), tempo));
    int cell = rate / 55; // four cycles
    for (int at = cell; at + 3 * cell <= out.length; at += cell) {
      assertEquals(Power.of(tone, 0, tone.length), Power.of(out, at, at + cell), 0.03, at + "");
    }
    double seconds = (out.length - 3.0 * cell) / rate;
    assertEquals(220, rises(out, cell, out.length - 2 * cell) / seconds, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 300, 700})
  void shortRecordingsAreTaken(int length) {
    TimeStretch stretch = new TimeStretch(16_000);
    float[] out = stretch.apply(tone(length, 16_000), steady(length, stretch.hop(), 1.2));
    assertTrue(Power.of(out, 0, out.length) > 0);
  }

  private static Rhythm.Warp steady(int length, int hop, double tempo) {
    int output = Math.max(1, (int) (length / tempo));
    double[] places = new double[output / hop + 1];
    for (int i = 0; i < places.length; i++) {
      places[i] = i * hop * tempo;
    }
    return new Rhythm.Warp(places, output);
  }

  private static float[] tone(int length, int rate) {
    float[] tone = new float[length];
    for (int i = 0; i < length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 220 * (i + 1) / rate);
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
