// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  /** The faults of a sound of these channels, read in odd pieces. */
  private static List<Fault> faults(IntToDoubleFunction... channels) {
    SoundCheck check = new SoundCheck(channels.length, RATE);
    for (int at = 0; at < FRAMES; at += 777) {
      int n = Math.min(777, FRAMES - at);
      float[] frames = new float[n * channels.length];
      for (int i = 0; i < frames.length; i++) {
        double value = channels[i % channels.length].applyAsDouble(at + i / channels.length);
        frames[i] = (float) Math.max(-1, Math.min(1, value));
      }
      check.accept(frames, n);
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
  void tonesBelow4KilohertzHaveNoTreble() {
    IntToDoubleFunction tones =
        i -> 0.3 * Math.sin(0.2 * i) + 0.1 * Math.sin(1.3 * i) + 1e-5 * random.nextGaussian();
    assertEquals(List.of(Fault.DULL), faults(tones));
    assertEquals(List.of(), faults(i -> tones.applyAsDouble(i) + 0.003 * random.nextGaussian()));
  }

  @Test
  void nothingReadHasNone() {
    assertEquals(List.of(), new SoundCheck(2, RATE).faults());
  }
}
