// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanTraceTest {
  private static final int RATE = 16_000;

  /** Lengths below, at and far above the number of cells, none of them known in advance. */
  @ParameterizedTest
  @CsvSource({"100,100", "4096,1", "40960,160", "1000000,4096", "1000000,999"})
  void everyValueIsInItsColumn(int length, int chunk) {
    WakeModel model = TestModels.loudness("loud");
    float[] sound = new float[length];
    for (int i = (int) (length * 11L / 20); i < length; i++) {
      sound[i] = (float) (0.1 * Math.sin(i));
    }
    sound[length / 4 + 1] = -0.9f;
    sound[(int) (length * 3L / 20) + 1] = 0.8f; // early, so that its cell is merged often
    ScanTrace trace = new ScanTrace(RATE, List.of(model), 0);
    for (int at = 0; at < length; at += chunk) {
      trace.accept(sound, at, Math.min(chunk, length - at));
    }
    long modelAt = (length * 9L / 20) * model.features().sampleRate() / RATE;
    trace.posteriors(model, modelAt, new float[] {0.7f});

    assertEquals((double) length / RATE, trace.seconds());
    ScanTrace.Columns columns = trace.columns(10, trace.seconds());
    for (int column = 0; column < 10; column++) {
      assertEquals(column == 2 ? -0.9f : column < 5 ? 0 : -0.1f, columns.lows()[column], 0.01f);
      assertEquals(column == 1 ? 0.8f : column < 5 ? 0 : 0.1f, columns.highs()[column], 0.01f);
    }
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 0.7f, 0, 0, 0, 0, 0}, columns.posteriors().get(model)[0]);
    if (length > 40_000) {
      assertTrue(loudest(columns.powers()[0]) < -90, "silence");
      assertTrue(loudest(columns.powers()[8]) > -60, "tone");
    }
  }

  private static float loudest(float[] powers) {
    float loudest = Float.NEGATIVE_INFINITY;
    for (float power : powers) {
      loudest = Math.max(loudest, power);
    }
    return loudest;
  }
}
