// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoiseTest {
  private static final int RATE = 16_000;
  private static final int SPEAKERS = 10;

  @TempDir Path folder;

  @Test
  void babbleMixesEightSpeakersWhoseRecordingsAreAdjacent() throws IOException {
    List<Recording> voices = new ArrayList<>();
    for (int speaker = 0; speaker < SPEAKERS; speaker++) {
      for (int recording = 0; recording < 5; recording++) {
        voices.add(new Recording(tone(speaker + "-" + recording + ".wav", hertz(speaker)), ""));
      }
    }
    Noise noise = new Noise(List.of(), voices);
    for (int clip = 0; clip < 20; clip++) {
      float[] babble = noise.under(clip, RATE, new Noise.Decoded(RATE));
      double heard = 0;
      for (int speaker = 0; speaker < SPEAKERS; speaker++) {
        double share = share(babble, hertz(speaker));
        heard += share > 0.1 ? 1 : 0;
      }
      assertEquals(8, heard, "speakers in clip " + clip);
    }
  }

  private static double hertz(int speaker) {
    return 300 + 200 * speaker;
  }

  private Path tone(String name, double hertz) throws IOException {
    float[] samples = new float[RATE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * hertz * i / RATE));
    }
    Path file = folder.resolve(name);
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return file;
  }

  /** Power at a frequency, as a share of the total. */
  private static double share(float[] samples, double hertz) {
    double re = 0;
    double im = 0;
    double energy = 0;
    for (int i = 0; i < samples.length; i++) {
      re += samples[i] * Math.cos(2 * Math.PI * hertz * i / RATE);
      im += samples[i] * Math.sin(2 * Math.PI * hertz * i / RATE);
      energy += (double) samples[i] * samples[i];
    }
    return 2 * (re * re + im * im) / samples.length / energy;
  }
}
