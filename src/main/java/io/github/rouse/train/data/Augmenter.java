// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.feature.Convolution;
import io.github.rouse.feature.VocalTract;
import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Simulates other speakers, rooms and microphones. Every method is a pure function of its arguments
 * and random numbers.
 */
public final class Augmenter {
  private static final int TAPS = 8;
  private static final int PHASES = 256;
  private static final int KNOT_CELLS = 12;
  private static final double QUIETER = 60; // than the loudest cell, in power: -18 dB
  private static final double MU = 255; // of the mu-law
  private static final double GATE_CLOSES = 0.0125; // s, time constant
  private static final double GATE_OPENS = 0.0032; // s, time constant
  private static final float[][] SINC = sinc(); // [PHASES + 1][TAPS]

  private final Recipe.Augmentation plan;
  private final int sampleRate;
  private final float[] window; // 40 ms, Hann; halves overlap to a sum of 1

  public Augmenter(Recipe.Augmentation plan, int sampleRate) {
    this.plan = plan;
    this.sampleRate = sampleRate;
    window = new float[sampleRate / 25];
    for (int i = 0; i < window.length; i++) {
      window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / window.length));
    }
  }

  /**
   * A recording as another speaker.
   *
   * @param samples of the variant
   * @param places position in the original of every {@code hop}-th sample
   */
  public record Variant(float[] samples, double[] places, int hop) {
    /** Maps a sample of the original to the variant. */
    int place(int sample) {
      int found = Arrays.binarySearch(places, sample);
      int after = Math.min(found >= 0 ? found : -found - 1, places.length - 1);
      if (after == 0) {
        return 0;
      }
      double from = places[after - 1];
      double share = Math.min(1, (sample - from) / (places[after] - from));
      return Math.min(samples.length, (int) ((after - 1 + share) * hop));
    }
  }

  /** Simulates another speaker: speed, tempo, rhythm, pitch and vocal-tract length. */
  public Variant varySpeaker(float[] samples, RandomGenerator random) {
    double speed = Math.exp(plan.speed() * random.nextGaussian());
    double tempo = Math.exp(plan.tempo() * random.nextGaussian());
    double pitch = Math.exp(plan.pitch() * random.nextGaussian());
    double formants = Math.exp(plan.formants() * random.nextGaussian());
    float[] faster = resampled(samples, speed * pitch); // tempo and resonances are restored below
    Rhythm rhythm = rhythm(faster, tempo / pitch, random);
    float[] other = stretched(faster, rhythm);
    double[] places = rhythm.places.clone();
    for (int i = 0; i < places.length; i++) {
      places[i] *= speed * pitch;
    }
    if (plan.formants() > 0 || plan.pitch() > 0) {
      other = VocalTract.scaled(other, sampleRate, formants / pitch);
    }
    return new Variant(other, places, window.length / 2);
  }

  /**
   * Resamples by a windowed sinc of eight taps in {@value #PHASES} phases: clean up to 0.8 of
   * Nyquist. At higher speeds, content above the new Nyquist frequency aliases, which adds a little
   * noise to the top of the features' range.
   */
  static float[] resampled(float[] samples, double speed) {
    float[] out = new float[(int) (samples.length / speed)];
    for (int i = 0; i < out.length; i++) {
      double at = i * speed;
      int base = (int) at;
      float[] taps = SINC[(int) ((at - base) * PHASES + 0.5)];
      if (base >= 3 && base + 5 <= samples.length) {
        out[i] =
            (samples[base - 3] * taps[0] + samples[base - 2] * taps[1])
                + (samples[base - 1] * taps[2] + samples[base] * taps[3])
                + (samples[base + 1] * taps[4] + samples[base + 2] * taps[5])
                + (samples[base + 3] * taps[6] + samples[base + 4] * taps[7]);
        continue;
      }
      int first = Math.max(0, 3 - base);
      int end = Math.min(TAPS, samples.length - base + 3);
      float sum = 0;
      for (int k = first; k < end; k++) {
        sum += samples[base - 3 + k] * taps[k];
      }
      out[i] = sum;
    }
    return out;
  }

  private static float[][] sinc() {
    float[][] table = new float[PHASES + 1][TAPS];
    for (int phase = 0; phase <= PHASES; phase++) {
      for (int k = 0; k < TAPS; k++) {
        double x = Math.PI * ((double) phase / PHASES - (k - 3));
        double window = Math.cos(x / 8.5);
        table[phase][k] = (float) ((Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * window * window);
      }
    }
    return table;
  }

  /**
   * A time warp.
   *
   * @param places position in the recording, one per half window of output
   * @param length of the output, in samples
   */
  private record Rhythm(double[] places, int length) {}

  /**
   * Draws a time warp. The tempo changes every {@value #KNOT_CELLS} cells of 10 ms. Quiet cells,
   * such as stop closures, share one random stretch factor: careful speakers lengthen all of them.
   */
  private Rhythm rhythm(float[] samples, double tempo, RandomGenerator random) {
    int cell = sampleRate / 100;
    double[] pace = new double[samples.length / cell + 1]; // input per output, [cells]
    double before = plan.rhythm() * random.nextGaussian();
    for (int from = 0; from < pace.length; from += KNOT_CELLS) {
      double after = plan.rhythm() * random.nextGaussian();
      for (int i = from; i < Math.min(pace.length, from + KNOT_CELLS); i++) {
        double share = (double) (i - from) / KNOT_CELLS;
        pace[i] = tempo * Math.exp(before + share * (after - before));
      }
      before = after;
    }
    double closure = Math.exp(plan.closures() * random.nextGaussian());
    double[] powers = new double[pace.length];
    for (int i = 0; i < pace.length; i++) {
      powers[i] = power(samples, i * cell, Math.min(samples.length, (i + 1) * cell));
    }
    double quiet = Arrays.stream(powers).max().orElse(0) / QUIETER;
    for (int i = 0; i < pace.length; i++) {
      pace[i] /= powers[i] < quiet ? closure : 1;
    }
    int hop = window.length / 2;
    double length = 0;
    for (int i = 0; i < pace.length; i++) {
      length += Math.min(cell, samples.length - i * cell) / pace[i];
    }
    double[] places = new double[(int) (length / hop) + 2]; // one past the end
    for (int i = 1; i < places.length; i++) {
      double at = places[i - 1];
      for (double left = hop; left > 0; ) { // cell by cell
        int in = Math.min((int) (at / cell), pace.length - 1);
        double rest = ((in + 1) * cell - at) / pace[in];
        double step = in == pace.length - 1 ? left : Math.min(left, rest + 1e-6);
        at += step * pace[in];
        left -= step;
      }
      places[i] = at;
    }
    return new Rhythm(places, (int) length);
  }

  /**
   * Applies a time warp and keeps the pitch: overlapping windows of 40 ms, each shifted by up to 10
   * ms to fit the previous one best (WSOLA, Verhelst and Roelands 1993).
   */
  private float[] stretched(float[] samples, Rhythm rhythm) {
    int hop = window.length / 2;
    int margin = sampleRate / 100;
    int length = rhythm.length;
    float[] out = new float[length];
    int natural = 0; // where the last window would continue
    for (int at = 0; at < length; at += hop) {
      int wanted = (int) rhythm.places[at / hop];
      int from = at == 0 ? 0 : bestShift(samples, natural, wanted, margin, hop);
      int end = Math.min(window.length, Math.min(length - at, samples.length - from));
      for (int i = 0; i < end; i++) {
        out[at + i] += (at == 0 && i < hop ? 1 : window[i]) * samples[from + i];
      }
      natural = from + hop;
    }
    return out;
  }

  private static int bestShift(float[] samples, int natural, int wanted, int margin, int length) {
    int best = Math.max(0, Math.min(wanted, samples.length - 1));
    double bestFit = Double.NEGATIVE_INFINITY;
    for (int shift = -margin; shift <= margin; shift += 4) {
      int from = wanted + shift;
      if (from < 0 || from + length > samples.length || natural + length > samples.length) {
        continue;
      }
      double fit = 0;
      for (int i = 0; i < length; i += 4) {
        fit += samples[from + i] * samples[natural + i];
      }
      if (fit > bestFit) {
        bestFit = fit;
        best = from;
      }
    }
    return best;
  }

  /** Sometimes adds reverberation: decaying noise with a T60 of 0.08 to 0.6 s (Polack). */
  public void reverberate(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.reverberation()) {
      return;
    }
    double t60 = 0.08 * Math.pow(0.6 / 0.08, random.nextDouble());
    double ratio = Math.pow(10, -random.nextDouble() * 1.2); // of reverberant to direct energy
    float[] response = new float[(int) (t60 * sampleRate)];
    double decay = 6.9 / response.length; // -60 dB in power at the end
    double energy = 0;
    for (int i = sampleRate / 500; i < response.length; i++) {
      response[i] = (float) (random.nextGaussian() * Math.exp(-decay * i));
      energy += response[i] * response[i];
    }
    float scale = (float) Math.sqrt(ratio / Math.max(1e-9, energy));
    for (int i = 0; i < response.length; i++) {
      response[i] *= scale;
    }
    response[0] = 1;
    Convolution.apply(samples, response);
  }

  /** Simulates a noise gate: attenuates 10 ms cells far below the loudest. */
  public void gate(float[] samples, RandomGenerator random) {
    int cell = sampleRate / 100;
    double[] powers = new double[(samples.length + cell - 1) / cell];
    for (int c = 0; c < powers.length; c++) {
      powers[c] = power(samples, c * cell, Math.min(samples.length, (c + 1) * cell));
    }
    double loudest = Arrays.stream(powers).max().orElse(0);
    double threshold = loudest * Math.pow(10, -2 - 2 * random.nextDouble());
    float closed = (float) Math.pow(10, -0.5 - 2.5 * random.nextDouble()); // -10 to -60 dB
    float fall = (float) Math.exp(-1 / (GATE_CLOSES * sampleRate));
    float rise = (float) Math.exp(1 / (GATE_OPENS * sampleRate));
    float gain = 1;
    for (int i = 0; i < samples.length; i++) {
      float wanted = powers[i / cell] < threshold ? closed : 1;
      gain = wanted < gain ? Math.max(wanted, gain * fall) : Math.min(wanted, gain * rise);
      samples[i] *= gain;
    }
  }

  /** Sometimes simulates another microphone: a shelf at a random corner, and a high-pass. */
  public void tilt(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.tilt()) {
      return;
    }
    double corner = 300 * Math.pow(10, random.nextDouble()); // 300 Hz to 3 kHz
    float share = (float) (1 - Math.exp(-2 * Math.PI * corner / sampleRate));
    float high = (float) Math.pow(10, (random.nextDouble() * 16 - 8) / 20);
    float pass = (float) Math.exp(-2 * Math.PI * (20 + 130 * random.nextDouble()) / sampleRate);
    float low = 0;
    float before = 0;
    float passed = 0;
    for (int i = 0; i < samples.length; i++) {
      low += share * (samples[i] - low);
      float shelved = low + high * (samples[i] - low);
      passed = pass * (passed + shelved - before);
      before = shelved;
      samples[i] = passed;
    }
  }

  /** Sometimes simulates a telephone: 300 to 3400 Hz, and G.711 (mu-law, 8 bits). */
  public void telephone(float[] samples, RandomGenerator random) {
    if (random.nextDouble() >= plan.telephone()) {
      return;
    }
    double q = 0.54; // with 1.31: a fourth-order Butterworth filter
    filter(samples, 300, q, true);
    filter(samples, 300, 1.31, true);
    filter(samples, 3400, q, false);
    filter(samples, 3400, 1.31, false);
    double most = Math.log1p(MU);
    for (int i = 0; i < samples.length; i++) {
      double code = Math.log1p(MU * Math.min(1, Math.abs(samples[i]))) / most;
      double value = Math.expm1(Math.round(code * 127) / 127.0 * most) / MU;
      samples[i] = (float) Math.copySign(value, samples[i]);
    }
  }

  /** A high-pass or low-pass biquad (R. Bristow-Johnson's cookbook). */
  private void filter(float[] samples, double cornerHz, double q, boolean high) {
    double w = 2 * Math.PI * cornerHz / sampleRate;
    double alpha = Math.sin(w) / (2 * q);
    double a0 = 1 + alpha;
    double a1 = -2 * Math.cos(w) / a0;
    double a2 = (1 - alpha) / a0;
    double b0 = (high ? 1 + Math.cos(w) : 1 - Math.cos(w)) / 2 / a0;
    double b1 = (high ? -2 : 2) * b0;
    double x1 = 0;
    double x2 = 0;
    double y1 = 0;
    double y2 = 0;
    for (int i = 0; i < samples.length; i++) {
      double x = samples[i];
      double y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      samples[i] = (float) y;
    }
  }

  /** Adds noise at a random signal-to-noise ratio; {@code signal} is the power of the speech. */
  public void addNoise(float[] samples, double signal, float[] noise, RandomGenerator random) {
    double span = plan.highestSnrDb() - plan.lowestSnrDb();
    double snr = plan.lowestSnrDb() + span * random.nextDouble();
    double power = power(noise, 0, noise.length);
    if (power <= 0) {
      return;
    }
    float scale = (float) Math.sqrt(signal / power / Math.pow(10, snr / 10));
    for (int i = 0; i < samples.length; i++) {
      samples[i] += scale * noise[i];
    }
  }

  /** Applies a random gain, adds a little microphone noise, and clips. */
  public void level(float[] samples, RandomGenerator random) {
    float gain = (float) Math.pow(10, plan.gainDb() * (2 * random.nextDouble() - 1) / 20);
    float floor = (float) Math.pow(10, -(60 + 25 * random.nextDouble()) / 20);
    for (int i = 0; i < samples.length; i++) {
      long bits = random.nextLong(); // two uniform numbers; their sum has variance 2/3
      float noise = 1.22f * 0x1p-31f * ((int) bits + (float) (int) (bits >>> 32));
      samples[i] = Math.max(-1f, Math.min(1f, gain * samples[i] + floor * noise));
    }
  }

  /** Sometimes replaces two bands and two time spans of the features by their mean. */
  public void mask(float[][] frames, RandomGenerator random) {
    if (random.nextDouble() >= plan.masking()) {
      return;
    }
    int bins = frames[0].length;
    float[] means = new float[bins];
    for (float[] frame : frames) {
      for (int k = 0; k < bins; k++) {
        means[k] += frame[k] / frames.length;
      }
    }
    for (int m = 0; m < 2; m++) {
      int width = random.nextInt(1 + bins / 6);
      int from = random.nextInt(bins - width + 1);
      int length = random.nextInt(1 + Math.min(12, frames.length / 8));
      int start = random.nextInt(frames.length - length + 1);
      for (int t = 0; t < frames.length; t++) {
        boolean hidden = t >= start && t < start + length;
        for (int k = hidden ? 0 : from; k < (hidden ? bins : from + width); k++) {
          frames[t][k] = means[k];
        }
      }
    }
  }

  /** Mean square of samples {@code from} (inclusive) to {@code to} (exclusive). */
  public static double power(float[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return to > from ? sum / (to - from) : 0;
  }
}
