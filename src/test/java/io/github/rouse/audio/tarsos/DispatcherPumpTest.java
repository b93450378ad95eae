// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.rouse.audio.SamplePump;
import io.github.rouse.audio.SampleSource;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherPumpTest {
  /** A microphone delivers blocks of any size; every 16-bit value must arrive unchanged. */
  @ParameterizedTest
  @ValueSource(ints = {16, 160, 441, 480})
  void theDispatcherAndThePlainLoopDeliverTheSameBits(int block) {
    float[] plain = pumped(SamplePump.plain(), block);
    SamplePump installed = SamplePump.installed();
    assertInstanceOf(DispatcherPump.class, installed);
    float[] dispatched = pumped(installed, block);
    assertEquals(65_536, plain.length);
    assertArrayEquals(plain, dispatched);
  }

  private static float[] pumped(SamplePump pump, int block) {
    SplittableRandom random = new SplittableRandom(block);
    SampleSource source =
        new SampleSource() {
          private int next = Short.MIN_VALUE;

          @Override
          public int sampleRate() {
            return 16_000;
          }

          @Override
          public int read(float[] mono, int most) {
            int count = Math.min(1 + random.nextInt(most), Short.MAX_VALUE + 1 - next);
            for (int i = 0; i < count; i++) {
              mono[i] = next++ / 32768f;
            }
            return count == 0 ? -1 : count;
          }
        };
    float[][] all = {new float[0]};
    pump.run(
        source,
        block,
        (samples, from, length) -> {
          int end = all[0].length;
          all[0] = Arrays.copyOf(all[0], end + length);
          System.arraycopy(samples, from, all[0], end, length);
        });
    return all[0];
  }
}
