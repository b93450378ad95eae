// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.feature.SoundCheck.Fault;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SoundCheckTest {
  private static final int RATE = 16_000;
  private static final int FRAMES = 5 * RATE;

  private final Random random = new Random(1);
  private final double[] voice = voice();

  /** Noise with more bass than treble, in bursts. */
  private double[] voice() {
    double[] samples = new double[FRAMES];
    double bass = 0;
    for (int i = 0; i < FRAMES; i++) {
      bass = 0.95 * bass + 0.1 * random.nextGaussian();
      samples[i] = (i / 4000 % 2 == 0 ? 1 : 0.05) * (bass + 0.02 * random.nextGaussian());
    }
    return samples;
  }

  private static List<Fault> faults(IntToDoubleFunction... channels) {
    return faults(Channel.AUTO, channels);
  }

  /** The faults of a sound of these channels, read in odd pieces. */
  private static List<Fault> faults(Channel channel, IntToDoubleFunction... channels) {
    return faults(channel, new ChannelSelector(channel, channels.length, RATE), channels);
  }

  private static List<Fault> faults(
      Channel channel, ChannelSelector selector, IntToDoubleFunction... channels) {
    SoundCheck check = new SoundCheck(channel, channels.length, RATE);
    for (int at = 0; at < FRAMES; at += 777) {
      int n = Math.min(777, FRAMES - at);
      float[] frames = new float[n * channels.length];
      for (int i = 0; i < frames.length; i++) {
        double value = channels[i % channels.length].applyAsDouble(at + i / channels.length);
        frames[i] = (float) Math.max(-1, Math.min(1, value));
      }
      check.frames(frames, 0, frames.length);
      selector.reduce(frames, n, frames);
      check.heard(frames, 0, n);
    }
    return check.faults();
  }

  @Test
  void aGoodSoundHasNone() {
    assertEquals(List.of(), faults(i -> voice[i]));
    assertEquals(List.of(), faults(i -> voice[i], i -> 0.3 * voice[i]));
    assertEquals(List.of(), faults(i -> voice[i], i -> -voice[i]));
  }

  @Test
  void oneFaultEach() {
    assertEquals(List.of(Fault.SILENT), faults(i -> (i % 3 - 1) / 32768.0, i -> 0));
    assertEquals(List.of(Fault.CLIPPED), faults(i -> 20 * voice[i]));
    assertEquals(List.of(Fault.OFFSET), faults(i -> 0.2 + 0.3 * voice[i]));
    assertEquals(List.of(Fault.COARSE), faults(i -> Math.rint(8 * voice[i]) / 8));
    assertEquals(List.of(Fault.FIRST_CHANNEL_SILENT), faults(i -> 0, i -> voice[i]));
    assertEquals(List.of(Fault.CHANNELS_DIFFER), faults(i -> voice[i], i -> voice[FRAMES - 1 - i]));
  }

  @Test
  void aLowLevelIsQuiet() {
    assertEquals(List.of(Fault.QUIET), faults(i -> 0.004 * voice[i]));
    assertEquals(List.of(Fault.QUIET), faults(i -> 0.004 * voice[i], i -> 0.004 * voice[i]));
  }

  @Test
  void anotherChannelWouldBeHeardBetter() {
    IntToDoubleFunction good = i -> voice[i];
    IntToDoubleFunction faint = i -> 0.01 * voice[i];
    IntToDoubleFunction stuck = i -> 0.01; // dead, and not silent to `auto`
    IntToDoubleFunction inverted = i -> -voice[i];
    List<Fault> louder = List.of(Fault.ANOTHER_LOUDER);
    assertEquals(louder, faults(faint, good));
    assertEquals(louder, faults(stuck, good));
    assertEquals(louder, faults(Channel.of(2), good, faint));
    assertEquals(louder, faults(Channel.of(2), good, i -> 0));
    assertEquals(List.of(), faults(Channel.of(1), good, faint));
    assertEquals(List.of(), faults(Channel.of(2), faint, good));
    assertEquals(List.of(Fault.CANCELLED), faults(Channel.MIX, good, inverted));
    assertEquals(
        List.of(Fault.CANCELLED), faults(Channel.MIX, good, i -> -0.9 * voice[i])); // -26 dB
    assertEquals(List.of(), faults(Channel.MIX, good, i -> 0, i -> 0, i -> 0));
  }

  @Test
  void faultsAreOfTheChannelThatIsHeard() {
    IntToDoubleFunction good = i -> voice[i];
    IntToDoubleFunction clipped = i -> 20 * voice[i];
    assertEquals(List.of(Fault.CLIPPED), faults(Channel.of(2), good, clipped));
    assertEquals(List.of(), faults(Channel.of(1), good, clipped));
    assertEquals(List.of(Fault.FIRST_CHANNEL_SILENT, Fault.CLIPPED), faults(i -> 0, clipped));
    assertEquals(List.of(Fault.OFFSET), faults(Channel.of(2), good, i -> 0.2 + 0.3 * voice[i]));
  }

  @Test
  void eachChannelIsJudgedByItself() {
    IntToDoubleFunction good = i -> voice[i];
    ChannelSelector second = new ChannelSelector(Channel.of(2), 2, RATE);
    assertEquals(List.of(Fault.SILENT), faults(Channel.EACH, second, good, i -> 0));
    assertEquals(List.of(), faults(Channel.EACH, second, i -> 0, good));
    assertEquals(List.of(), faults(Channel.EACH, second, good, i -> voice[FRAMES - 1 - i]));
    assertEquals(List.of(Fault.CHANNELS_SAME), faults(Channel.EACH, second, good, good));
    IntToDoubleFunction differsAtFirst = i -> i < 100 ? 0.5 : voice[i];
    assertEquals(List.of(), faults(Channel.EACH, second, good, differsAtFirst));
  }

  @Test
  void tonesBelow4KilohertzHaveNoTreble() {
    IntToDoubleFunction tones =
        i -> 0.3 * Math.sin(0.2 * i) + 0.1 * Math.sin(1.3 * i) + 1e-5 * random.nextGaussian();
    assertEquals(List.of(Fault.DULL), faults(tones));
    assertEquals(List.of(), faults(i -> tones.applyAsDouble(i) + 0.003 * random.nextGaussian()));
  }

  @Test
  void nothingReadHasNone() {
    assertEquals(List.of(), new SoundCheck(Channel.AUTO, 2, RATE).faults());
  }

  @Test
  void aStepAtTheEndOfTheTelephoneBandIsFoundThoughAResamplerLeaks() {
    Random noise = new Random(3);
    double[] band = new double[FRAMES];
    double[] leak = new double[FRAMES];
    for (int k = 0; k < 400; k++) { // sines up to 3.9 kHz, and their images 50 dB below
      double frequency = 100 + 3800.0 * k / 400;
      double phase = 2 * Math.PI * noise.nextDouble();
      for (int i = 0; i < FRAMES; i++) {
        double angle = 2 * Math.PI * i / RATE;
        band[i] += 0.01 * Math.sin(frequency * angle + phase);
        leak[i] += 0.01 * 0.003 * Math.sin((8000 - frequency) * angle + phase);
      }
    }
    assertEquals(List.of(Fault.DULL), faults(i -> band[i] + leak[i]));
    assertEquals(List.of(), faults(i -> band[i] + 10 * leak[i]));
  }
}
