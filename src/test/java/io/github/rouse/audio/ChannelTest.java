// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
  private static final int RATE = 16000;

  /**
   * Two channels of noise. Word-like bursts, one each half second, stand out in the channel that
   * {@code clear} names.
   */
  private static float[] twoMicrophones(int seconds, java.util.function.IntUnaryOperator clear) {
    float[] frames = new float[2 * seconds * RATE];
    Random random = new Random(5);
    for (int i = 0; i < frames.length / 2; i++) {
      boolean word = i / (RATE / 4) % 2 == 1;
      double voice = word ? 0.3 * Math.sin(2 * Math.PI * 300 * i / RATE) : 0;
      for (int c = 0; c < 2; c++) {
        boolean here = clear.applyAsInt(i / (RATE / 2)) == c;
        frames[2 * i + c] = (float) (0.01 * random.nextGaussian() + (here ? voice : 0.05 * voice));
      }
    }
    return frames;
  }

  private static float[] reduced(Channel channel, int channels, float[] frames, int chunk) {
    ChannelSelector mono = new ChannelSelector(channel, channels, RATE);
    float[] out = new float[frames.length / channels];
    for (int at = 0; at < out.length; at += chunk) {
      int n = Math.min(chunk, out.length - at);
      float[] piece = Arrays.copyOfRange(frames, at * channels, (at + n) * channels);
      float[] part = new float[n];
      mono.reduce(piece, n, part);
      System.arraycopy(part, 0, out, at, n);
    }
    return out;
  }

  @Test
  void channelNumbersStartAtOne() {
    float[] frames = {1, 2, 3, 4, 5, 6};
    assertArrayEquals(new float[] {1, 4}, reduced(Channel.FIRST, 3, frames, 1));
    assertArrayEquals(new float[] {3, 6}, reduced(Channel.parse("3"), 3, frames, 2));
  }

  @Test
  void mixIsTheAverage() {
    float[] frames = {0.5f, 0.25f, -1, 0, 0.5f, -0.5f};
    assertArrayEquals(new float[] {0.375f, -0.5f, 0}, reduced(Channel.MIX, 2, frames, 3));
  }

  @Test
  void theResultMayReplaceTheInput() {
    float[] frames = {1, 2, 3, 4, 5, 6};
    new ChannelSelector(Channel.of(2), 2, RATE).reduce(frames, 3, frames);
    assertArrayEquals(new float[] {2, 4, 6}, Arrays.copyOf(frames, 3));
  }

  @Test
  void autoLeavesTheFirstChannelOnlyWhileItIsSilent() {
    int seconds = 4;
    float[] frames = new float[2 * seconds * RATE]; // the first is silent in seconds 0 and 2
    for (int i = 0; i < seconds * RATE; i++) {
      boolean first = i / RATE % 2 == 1;
      frames[2 * i] = first ? 0.3f : (i % 3 - 1) / 32768f;
      frames[2 * i + 1] = i >= RATE / 10 ? 0.1f : 0; // starts after 100 ms
    }
    float[] out = reduced(Channel.AUTO, 2, frames, 100);
    assertArrayEquals(out, reduced(Channel.AUTO, 2, frames, 4096));
    for (int i = 0; i < out.length; i++) {
      boolean first = i < RATE / 10 || i / RATE % 2 == 1 || (i >= 2 * RATE && i < 2.5 * RATE - 1);
      assertEquals(frames[2 * i + (first ? 0 : 1)], out[i], "frame " + i);
    }
  }

  @Test
  void autoIsTheFirstChannelOfSilence() {
    float[] frames = {1e-5f, 0, -1e-5f, 0};
    assertArrayEquals(new float[] {1e-5f, -1e-5f}, reduced(Channel.AUTO, 2, frames, 2));
  }

  @Test
  void bestFollowsTheClearerChannel() {
    float[] frames = twoMicrophones(12, half -> half < 12 ? 1 : 0);
    float[] out = reduced(Channel.BEST, 2, frames, 1000);
    for (int second : new int[] {3, 4, 5}) {
      assertEquals(1, share(frames, out, second, 1), 0, "second " + second);
    }
    for (int second : new int[] {10, 11}) {
      assertEquals(1, share(frames, out, second, 0), 0, "second " + second);
    }
  }

  @Test
  void bestSwitchesAtMostOnceASecond() {
    float[] frames = twoMicrophones(20, half -> half % 2);
    float[] out = reduced(Channel.BEST, 2, frames, 1000);
    int last = -RATE;
    int before = 0;
    int switches = 0;
    for (int i = 0; i < out.length; i++) {
      int now = out[i] == frames[2 * i] ? 0 : out[i] == frames[2 * i + 1] ? 1 : before;
      if (now != before) {
        assertTrue(i - last > RATE * 0.98, "switches at " + last + " and " + i);
        last = i;
        switches++;
      }
      before = now;
    }
    assertTrue(switches >= 10, "switches=" + switches);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 160, 4096})
  void bestDoesNotDependOnChunking(int chunk) {
    float[] frames = twoMicrophones(5, half -> half / 4 % 2);
    assertArrayEquals(
        reduced(Channel.BEST, 2, frames, Integer.MAX_VALUE / 4),
        reduced(Channel.BEST, 2, frames, chunk));
  }

  /** Share of a second taken from a channel. */
  private static double share(float[] frames, float[] out, int second, int channel) {
    int same = 0;
    for (int i = second * RATE; i < (second + 1) * RATE; i++) {
      same += out[i] == frames[2 * i + channel] ? 1 : 0;
    }
    return same / (double) RATE;
  }

  @Test
  void channelNamesAreParsed() {
    assertEquals(Channel.AUTO, Channel.parse("auto"));
    assertEquals(Channel.MIX, Channel.parse("Mix"));
    assertEquals(Channel.BEST, Channel.parse(" best "));
    assertEquals(Channel.FIRST, Channel.parse("1"));
    assertEquals("2", Channel.of(2).toString());
    assertEquals("mix", Channel.MIX.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "left", "", "1.5"})
  void otherNamesAreRejectedWithTheirText(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> Channel.parse(text));
    assertTrue(e.getMessage().startsWith("channel=" + text), e.getMessage());
  }

  @Test
  void aMissingChannelIsRejected() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new ChannelSelector(Channel.of(3), 2, RATE));
    assertTrue(e.getMessage().startsWith("channel=3, expected at most 2"), e.getMessage());
  }
}
