// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpectrogramTest {
  static List<FeatureSpec> specs() {
    return List.of(
        FeatureSpec.CLASSIC,
        FeatureSpec.LOG_MEL,
        FeatureSpec.PCEN,
        FeatureSpec.MFCC,
        new FeatureSpec(8000, 201, 67, new Spectrum.PowerDensity(8000)));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void framesDoNotDependOnChunking(FeatureSpec spec) {
    float[] samples = noise(20_000, 0.3, 1);
    List<float[]> whole = frames(spec, samples, samples.length);
    assertEquals(spec.frames(samples.length), whole.size());
    for (int chunk : new int[] {1, 7, 80, 160, 4096}) {
      List<float[]> cut = frames(spec, samples, chunk);
      assertEquals(whole.size(), cut.size());
      for (int t = 0; t < whole.size(); t++) {
        assertArrayEquals(whole.get(t), cut.get(t), 0f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void resetStartsAfresh(FeatureSpec spec) {
    float[] samples = noise(5000, 0.3, 2);
    Spectrogram spectrogram = new Spectrogram(spec);
    spectrogram.accept(noise(3333, 0.9, 3), 0, 3333, (frame, level) -> {});
    spectrogram.reset();
    List<float[]> again = new ArrayList<>();
    spectrogram.accept(samples, 0, samples.length, (frame, level) -> again.add(frame.clone()));
    List<float[]> fresh = frames(spec, samples, samples.length);
    for (int t = 0; t < fresh.size(); t++) {
      assertArrayEquals(fresh.get(t), again.get(t), 0f);
    }
  }

  @Test
  void classicMatchesItsPowerDensityFormula() {
    for (FeatureSpec spec : List.of(specs().get(0), specs().get(4))) { // even and odd lengths
      float[] samples = noise(spec.frameLength(), 0.5, 4);
      float[] frame = frames(spec, samples, samples.length).get(0);
      int n = spec.frameLength();
      double[] window = new double[n];
      double squares = 0;
      for (int i = 0; i < n; i++) {
        window[i] = 0.5 * (1 - Math.cos(2 * Math.PI * i / (n - 1)));
        squares += window[i] * window[i];
      }
      for (int k = 0; k < frame.length; k++) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < n; i++) {
          double x = Math.rint(samples[i] * 32768) * window[i];
          re += x * Math.cos(2 * Math.PI * k * i / n);
          im -= x * Math.sin(2 * Math.PI * k * i / n);
        }
        boolean alone = k == 0 || 2 * k == n;
        double expected = (re * re + im * im) / (8000 * squares) * (alone ? 1 : 2);
        assertEquals(expected, frame[k], 1e-5 * expected + 1e-9, "bin " + k);
      }
    }
  }

  @Test
  void melEnergiesMatchTheFilteredPowerSpectrum() {
    for (MelScale scale : MelScale.values()) {
      // With 23 (HTK) and 64 (Slaney) bands, rounding puts the last edge just above 8000 Hz; with
      // 300 bands, some contain no bin.
      for (int bands : new int[] {23, 40, 64, 300}) {
        Mel mel = new Mel(scale, bands, 0, 8000);
        FeatureSpec spec = new FeatureSpec(16_000, 400, 160, new Spectrum.LogMel(mel, 1e-9));
        float[] samples = noise(400, 0.5, 8);
        samples[7] += 0.5f; // gives every bin power, including the first and last
        float[] frame = frames(spec, samples, 400).get(0);
        double[] window = spec.window();
        double[] power = new double[257];
        for (int k = 0; k < power.length; k++) {
          double re = 0;
          double im = 0;
          for (int i = 0; i < window.length; i++) {
            re += samples[i] * window[i] * Math.cos(2 * Math.PI * k * i / 512);
            im -= samples[i] * window[i] * Math.sin(2 * Math.PI * k * i / 512);
          }
          power[k] = re * re + im * im;
        }
        double[][] filters = mel.filters(16_000, 512);
        for (int b = 0; b < frame.length; b++) {
          double energy = 0;
          for (int k = 0; k < power.length; k++) {
            energy += filters[b][k] * power[k];
          }
          assertEquals(Math.log(1e-9 + energy), frame[b], 1e-5, mel + ", band " + b);
        }
      }
    }
  }

  @Test
  void melFeaturesAllocateNothingOnceCompiled() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] samples = noise(16_000, 0.3, 9);
    for (FeatureSpec spec : List.of(FeatureSpec.LOG_MEL, FeatureSpec.PCEN, FeatureSpec.MFCC)) {
      Spectrogram spectrogram = new Spectrogram(spec);
      Spectrogram.FrameSink sink = (frame, level) -> {};
      long bytes = -1;
      long end = System.nanoTime() + 20_000_000_000L;
      while (bytes != 0 && System.nanoTime() < end) { // vectors are objects until then
        long before = thread.getCurrentThreadAllocatedBytes();
        spectrogram.accept(samples, 0, samples.length, sink);
        bytes = thread.getCurrentThreadAllocatedBytes() - before;
      }
      assertEquals(0, bytes, spec.toString());
    }
  }

  @Test
  void pcenFollowsItsRecursion() {
    Spectrum.Pcen p = (Spectrum.Pcen) FeatureSpec.PCEN.spectrum();
    FeatureSpec log = new FeatureSpec(16_000, 400, 160, new Spectrum.LogMel(p.mel(), 1e-30));
    float[] samples = noise(48_000, 0.2, 5);
    List<float[]> energies = frames(log, samples, samples.length); // log E, nothing added
    List<float[]> normalised = frames(FeatureSpec.PCEN, samples, samples.length);
    double m = 0;
    for (int t = 0; t < energies.size(); t++) {
      double e = Math.exp(energies.get(t)[17]);
      double share = t < 40 ? 1.0 / (t + 1) : 0.025; // 1 / 0.025 = 40 frames of running mean
      m = (1 - share) * m + share * e;
      double expected = Math.sqrt(e / Math.pow(1e-6 + m, 0.98) + 2) - Math.sqrt(2);
      assertEquals(expected, normalised.get(t)[17], 1e-4 * expected + 1e-6);
    }
  }

  @Test
  void pcenIsNearlyInvariantToLevel() {
    float[] loud = noise(32_000, 0.5, 6);
    float[] quiet = new float[loud.length];
    for (int i = 0; i < loud.length; i++) {
      quiet[i] = loud[i] / 10;
    }
    float[] a = frames(FeatureSpec.PCEN, loud, loud.length).get(150);
    float[] b = frames(FeatureSpec.PCEN, quiet, quiet.length).get(150);
    for (int band = 0; band < a.length; band++) {
      assertEquals(a[band], b[band], 0.1, "band " + band);
    }
  }

  @Test
  void mfccOfAFlatSpectrumHasOnlyItsFirstCoefficient() {
    FeatureSpec spec =
        new FeatureSpec(16_000, 400, 160, new Spectrum.Mfcc(Mel.of(MelScale.HTK, 40), 1, 13));
    float[] frame = frames(spec, new float[400], 400).get(0); // log(1 + 0) = 0 everywhere
    assertArrayEquals(new float[13], frame, 1e-7f);
    FeatureSpec tenfold =
        new FeatureSpec(16_000, 400, 160, new Spectrum.Mfcc(Mel.of(MelScale.HTK, 40), 10, 13));
    frame = frames(tenfold, new float[400], 400).get(0);
    assertEquals(Math.log(10) * Math.sqrt(40), frame[0], 1e-4);
    for (int c = 1; c < 13; c++) {
      assertEquals(0, frame[c], 1e-5);
    }
  }

  @Test
  void aToneFallsIntoItsMelBand() {
    float[] tone = new float[400];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 1000 * i / 16_000);
    }
    float[] frame = frames(FeatureSpec.LOG_MEL, tone, 400).get(0);
    int loudest = 0;
    for (int b = 0; b < frame.length; b++) {
      loudest = frame[b] > frame[loudest] ? b : loudest;
    }
    double low = MelScale.HTK.mel(60);
    double width = (MelScale.HTK.mel(7600) - low) / 41;
    assertEquals((MelScale.HTK.mel(1000) - low) / width - 1, loudest, 0.51);
  }

  @Test
  void levelIsTheMeanSquareOfAnyLength() {
    for (int length : new int[] {200, 201, 202, 203}) {
      FeatureSpec spec = new FeatureSpec(8000, length, 67, new Spectrum.PowerDensity(8000));
      float[] samples = noise(length, 0.3, 10);
      double squares = 0;
      for (float x : samples) {
        squares += (double) x * x;
      }
      List<Float> levels = new ArrayList<>();
      new Spectrogram(spec).accept(samples, 0, length, (f, level) -> levels.add(level));
      assertEquals(1, levels.size());
      assertEquals(squares / length, levels.get(0), 1e-6 * squares / length);
    }
  }

  @Test
  void levelIsTheMeanSquare() {
    float[] samples = new float[400];
    java.util.Arrays.fill(samples, 0.5f);
    List<Float> levels = new ArrayList<>();
    new Spectrogram(FeatureSpec.PCEN).accept(samples, 0, 400, (f, level) -> levels.add(level));
    assertEquals(List.of(0.25f), levels);
  }

  static List<float[]> frames(FeatureSpec spec, float[] samples, int chunk) {
    Spectrogram spectrogram = new Spectrogram(spec);
    List<float[]> frames = new ArrayList<>();
    for (int at = 0; at < samples.length; at += chunk) {
      int length = Math.min(chunk, samples.length - at);
      spectrogram.accept(
          samples,
          at,
          length,
          (frame, level) -> {
            assertTrue(level >= 0);
            frames.add(frame.clone());
          });
    }
    return frames;
  }

  /** Noise of 16-bit sample values. */
  private static float[] noise(int length, double amplitude, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      double value = Math.max(-1, Math.min(0.999, amplitude * random.nextGaussian()));
      samples[i] = (float) (Math.rint(value * 32768) / 32768);
    }
    return samples;
  }
}
