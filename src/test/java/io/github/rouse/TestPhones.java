// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Mel;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Network;
import io.github.rouse.pronounce.PronouncingDictionary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Phones that are tones, and a recogniser that hears them. */
public final class TestPhones {
  /** Those that have a tone, lowest first. */
  private static final List<String> TONES =
      List.of("N", "OW", "V", "AH", "HH", "EY", "L", "AY", "T", "AA", "IY", "S");

  private static final int RATE = 16_000;
  private static final int BANDS = 14;
  private static final int LOW = 300; // Hz
  private static final int HIGH = 7000;
  private static final double SECONDS = 0.08;
  private static final int FRAMES = 4; // of a step

  private TestPhones() {}

  /** Hears a phone in each step that is louder in its band than in any other. */
  public static PhoneModel recogniser() {
    FeatureSpec spec =
        new FeatureSpec(
            RATE, 400, 160, new Spectrum.LogMel(new Mel(MelScale.HTK, BANDS, LOW, HIGH), 1e-6));
    List<String> phones = PronouncingDictionary.PHONEMES;
    float[][] weights = new float[FRAMES * BANDS][phones.size() + 1];
    float[] bias = new float[phones.size() + 1];
    Arrays.fill(bias, -40);
    bias[phones.size()] = 0; // the blank
    for (int tone = 0; tone < TONES.size(); tone++) {
      int phone = phones.indexOf(TONES.get(tone));
      for (int frame = 0; frame < FRAMES; frame++) {
        weights[frame * BANDS + tone + 1][phone] = 1.5f / FRAMES;
      }
      bias[phone] = 2;
    }
    Conv1d network = new Conv1d(weights, bias, FRAMES, FRAMES, 0);
    return new PhoneModel(
        spec, new Network(List.of(network)), phones, Provenance.of("a test"), null);
  }

  /** Words in near-silence, each spelt in phones; half a second before each and at the end. */
  public static float[] say(String... words) {
    int pause = RATE / 2;
    int tone = (int) (SECONDS * RATE);
    int count = Arrays.stream(words).mapToInt(word -> word.split(" ", -1).length).sum();
    float[] samples = new float[pause * (words.length + 1) + count * tone];
    Random random = new Random(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (1e-4 * random.nextGaussian());
    }
    int at = 0;
    for (String word : words) {
      at += pause;
      for (String phone : word.split(" ", -1)) {
        double frequency = frequency(TONES.indexOf(phone) + 1);
        for (int i = 0; i < tone; i++) {
          samples[at++] += (float) (0.3 * Math.sin(2 * Math.PI * frequency * i / RATE));
        }
      }
    }
    return samples;
  }

  /** The centre of a band. */
  private static double frequency(int band) {
    double low = mel(LOW);
    double mel = low + (band + 1) * (mel(HIGH) - low) / (BANDS + 1);
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }
}
