// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.feature.SoundCheck.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveCheckTest {
  private static final int RATE = 16_000;

  private final Random random = new Random(1);
  private final List<String> lines = new ArrayList<>();

  /** Noise of the given level for some seconds in each channel. */
  private void hear(LiveCheck check, Channel channel, int seconds, double... levels) {
    int channels = levels.length;
    for (int block = 0; block < 10 * seconds; block++) {
      float[] frames = new float[RATE / 10 * channels];
      for (int i = 0; i < frames.length; i++) {
        double value = levels[i % channels] * random.nextGaussian();
        frames[i] = (float) Math.max(-1, Math.min(1, value));
      }
      float[] heard = frames;
      if (channel.choice() != Channel.Choice.EACH) {
        heard = new float[RATE / 10];
        new ChannelSelector(channel, channels, RATE).reduce(frames, RATE / 10, heard);
      }
      check.captured(frames, heard, RATE / 10, channels, RATE);
    }
  }

  private LiveCheck check(Channel channel) {
    return new LiveCheck(channel, 10, lines::add);
  }

  private static String line(Fault fault) {
    return "microphone: " + fault.advice();
  }

  @Test
  void aFaultIsReportedOnceAndWhenItComes() {
    LiveCheck check = check(Channel.FIRST);
    hear(check, Channel.FIRST, 25, 0.1);
    assertEquals(List.of(), lines);
    hear(check, Channel.FIRST, 25, 2);
    assertEquals(List.of(line(Fault.CLIPPED)), lines);
    check.finish();
    assertEquals(1, lines.size());
  }

  @Test
  void silenceIsReportedOnce() {
    hear(check(Channel.FIRST), Channel.FIRST, 30, 0);
    assertEquals(List.of(line(Fault.SILENT)), lines);
  }

  @Test
  void silenceAfterSoundIsReportedOnceIfItLasts() {
    LiveCheck check = check(Channel.FIRST);
    hear(check, Channel.FIRST, 10, 0.1);
    hear(check, Channel.FIRST, 9, 0);
    check.finish();
    assertEquals(List.of(), lines);
    hear(check, Channel.FIRST, 100, 0);
    check.finish();
    assertEquals(
        List.of(
            "microphone: silent for some seconds: is it muted? If it has a noise gate, its pauses"
                + " are silent"),
        lines);
  }

  @Test
  void aLowLevelIsReportedAfterAMinuteOrAtTheEnd() {
    LiveCheck check = check(Channel.FIRST);
    hear(check, Channel.FIRST, 59, 0.001);
    assertEquals(List.of(), lines);
    hear(check, Channel.FIRST, 1, 0.001);
    assertEquals(List.of(line(Fault.QUIET)), lines);
    LiveCheck brief = check(Channel.FIRST);
    hear(brief, Channel.FIRST, 5, 0.001);
    brief.finish();
    assertEquals(2, lines.size());
  }

  @Test
  void faultsAreOfTheChannelThatIsHeard() {
    hear(check(Channel.of(2)), Channel.of(2), 10, 2, 0.1);
    assertEquals(List.of(), lines);
    hear(check(Channel.of(2)), Channel.of(2), 10, 0.1, 2);
    assertEquals(List.of(line(Fault.CLIPPED)), lines);
    hear(check(Channel.EACH), Channel.EACH, 10, 0.1, 2);
    assertEquals("microphone#channel=2: " + Fault.CLIPPED.advice(), lines.get(1));
    assertEquals(2, lines.size());
  }
}
