// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameResamplerTest {
  private static final int FRAMES = 9_000;

  /** Collects samples. */
  private static final class Collected implements SampleSink {
    private float[] all = new float[0];

    @Override
    public void accept(float[] samples, int from, int length) {
      all = Arrays.copyOf(all, all.length + length);
      System.arraycopy(samples, from, all, all.length - length, length);
    }
  }

  @Test
  void eachChannelIsResampledByItself() {
    for (int rate : new int[] {44_100, 16_000}) {
      Random random = new Random(1);
      float[] frames = new float[3 * FRAMES];
      for (int i = 0; i < frames.length; i++) {
        frames[i] = random.nextFloat() - 0.5f;
      }
      FrameResampler resampler = new FrameResampler(3, rate, 16_000);
      Collected all = new Collected();
      for (int at = 0; at < FRAMES; at += 450) {
        resampler.accept(frames, 3 * at, 3 * 450, all);
      }
      for (int c = 0; c < 3; c++) {
        Resampler alone = new Resampler(rate, 16_000);
        Collected expected = new Collected();
        float[] got = new float[all.all.length / 3];
        for (int i = 0; i < FRAMES; i++) {
          alone.accept(frames, 3 * i + c, 1, expected);
        }
        for (int i = 0; i < got.length; i++) {
          got[i] = all.all[3 * i + c];
        }
        assertEquals(0, all.all.length % 3);
        assertArrayEquals(expected.all, got);
      }
    }
  }
}
