// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.recipe.Recipe;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoundPathTest {
  /** One second each of faint noise, a loud tone, and the noise again. */
  private static float[] sound(int rate) {
    SplittableRandom random = new SplittableRandom(1);
    float[] samples = new float[3 * rate];
    for (int i = 0; i < samples.length; i++) {
      boolean loud = i >= rate && i < 2 * rate;
      samples[i] =
          loud
              ? (float) (0.3 * Math.sin(2 * Math.PI * 300 * i / rate))
              : (float) (1e-3 * random.nextGaussian());
    }
    return samples;
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 16_000, 44_100})
  void aGateAttenuatesFaintPartsAndLeavesLoudOnes(int rate) {
    NoiseGate gate = new NoiseGate(rate);
    float[] before = sound(rate);
    for (int seed = 0; seed < 20; seed++) {
      float[] after = before.clone();
      gate.apply(after, new SplittableRandom(seed));
      double faint = ratio(after, before, 2 * rate + rate / 5, 3 * rate);
      double loud = ratio(after, before, rate + rate / 20, 2 * rate);
      assertTrue(faint <= -9.9 && faint >= -60.1, "faint " + faint + " dB");
      assertEquals(0, loud, 1e-3, "loud, dB");
      int opened = 0;
      while (after[rate + opened] != before[rate + opened]) {
        opened++;
      }
      assertTrue(opened < 0.03 * rate, "opens within 30 ms: " + opened + " samples");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-5, 0, 20})
  void noiseHasTheRequestedSignalToNoiseRatio(int snr) {
    Recipe.Augmentation.NoisePlan plan = new Recipe.Augmentation.NoisePlan(1, snr, snr, 0);
    SplittableRandom random = new SplittableRandom(1);
    float[] noise = new float[16_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    float[] added = new float[noise.length]; // added to silence: only the noise
    new BackgroundNoise(plan).apply(added, 0.02, () -> noise, random);
    assertEquals(snr, 10 * Math.log10(0.02 / Power.of(added, 0, added.length)), 1e-3);
  }

  @Test
  void aTelephonePassesOnlyTheVoiceBand() {
    Recipe.Augmentation plan =
        new Recipe.Augmentation(
            0, Unvaried.VOICE, 0, Unvaried.NOISE, 0, 1, 0, Recipe.Augmentation.Capture.NEAR);
    for (int hertz : new int[] {60, 1000, 7000}) {
      float[] before = new float[16_000];
      for (int i = 0; i < before.length; i++) {
        before[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / 16_000));
      }
      float[] after = before.clone();
      new Telephone(plan, 16_000).apply(after, new SplittableRandom(1));
      double gain = ratio(after, before, 4000, 16_000);
      assertTrue(hertz == 1000 ? Math.abs(gain) < 0.5 : gain < -20, hertz + " Hz: " + gain);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void farSpeechIsQuieterAndStaysInPlace(boolean measured) {
    Recipe.Augmentation plan = Unvaried.with(new Recipe.Augmentation.Capture(1, 0, 1));
    List<float[]> rooms = measured ? List.of(new float[] {0.8f, 0, 0.6f}) : List.of();
    SoundPath path = new SoundPath(plan, 16_000, rooms);
    for (int seed = 0; seed < 20; seed++) {
      float[] click = new float[16_000];
      click[1000] = 0.5f;
      path.record(click, 1, () -> new float[16_000], new SplittableRandom(seed));
      assertEquals(0, Power.of(click, 0, 1000), 1e-12, "nothing before");
      assertTrue(click[1000] > 0.04 && click[1000] <= 0.41, "direct sound: " + click[1000]);
      assertTrue(Power.of(click, 1001, 16_000) > 0, "reflections");
    }
  }

  @Test
  void silenceStaysSilence() {
    float[] silence = new float[1600];
    new NoiseGate(16_000).apply(silence, new SplittableRandom(1));
    assertEquals(0, Power.of(silence, 0, silence.length));
  }

  /** Ratio of powers, dB. */
  private static double ratio(float[] a, float[] b, int from, int to) {
    return 10 * Math.log10(Power.of(a, from, to) / Power.of(b, from, to));
  }
}
